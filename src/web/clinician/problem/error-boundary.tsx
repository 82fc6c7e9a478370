import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  readonly children: ReactNode;
  /** What is shown in the place of what broke. */
  readonly instead: (problem: unknown) => ReactNode;
}

/** Keeps what breaks in one page from taking the app with it. */
export class ErrorBoundary extends Component<BoundaryProps, { readonly problem?: { readonly is: unknown } }> {
  override state: { readonly problem?: { readonly is: unknown } } = {};

  static getDerivedStateFromError(is: unknown) {
    return { problem: { is } };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    return problem === undefined ? this.props.children : this.props.instead(problem.is);
  }
}

import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import '../form/form.css';
import './patient.css';

createRoot(document.getElementById('app')!).render(<App />);

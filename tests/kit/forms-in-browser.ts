/** What a page needs to have a form filled in; tests/browser.test.ts bundles it. */
export { compileForm } from '../../src/forms/form.ts';
export { populate, startResponse } from '../../src/forms/populate/populate.ts';
export { validateResponse } from '../../src/forms/validate-response.ts';
export { prepareForm } from '../../src/web/form/model/prepare-form.ts';

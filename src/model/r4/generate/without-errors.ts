/** ajv's way to ask a member's own function: `if (data.x !== undefined) { … validateN(data.x) … } if (valid0) {` */
const MEMBER =
  /if\(data\.(\w+) !== undefined\)\{const (_errs\d+) = errors;if\(!\((\w+)\(data\.\1\)\)\)\{return false;\}var valid0 = \2 === errors;\}else \{var valid0 = true;\}(?:if\(valid0\)(?=\{))?/g;

/**
 * What ajv wrote (a standalone ES module), with everything taken out that only describes errors: ajv always describes
 * what it refuses, and passes the path to each value along for it, where the schema gate needs yes or no. Exports
 * nothing; its entry is `validateSchema`. Throws if ajv has written something that this does not know, so that a new
 * version of ajv cannot change the answer.
 */
export function withoutErrors(standalone: string): string {
  const entry = /export const validate = (validate\d+);export default \1;/.exec(standalone);
  const changed = standalone
    .replace('"use strict";', '')
    .replace(entry?.[0] ?? '', '')
    .replaceAll('(data, {instancePath="", parentData, parentDataProperty, rootData=data}={})', '(data)')
    .replaceAll(/, \{instancePath[^}]*\}\)/g, ')')
    .replaceAll(/validate\d+\.errors = \[\{instancePath.*?\}\];return false;/g, 'return false;')
    .replaceAll(
      /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);errors = vErrors\.length;/g,
      'return false;',
    )
    .replaceAll(/return false;break;/g, 'return false;')
    .replaceAll(MEMBER, 'if(data.$1!==undefined&&!$3(data.$1)){return false;}')
    .replaceAll(/const (schema\d+) = (\{.*?\});(?=const|function|\n|$)/g, (_, name, schema) =>
      memberNames(name, schema),
    )
    .replaceAll(/validate\d+\.errors = vErrors;/g, '')
    .replaceAll('let vErrors = null;', '');
  const unknown = /.{0,80}(instancePath|vErrors|\.errors|require\(|export ).{0,80}/.exec(changed);
  if (entry === null || unknown !== null) {
    throw new Error(`ajv wrote code that the generator does not know: ${unknown?.[0] ?? 'no entry'}`);
  }
  return `${changed}\nconst validateSchema = ${entry[1]};`;
}

/** ajv keeps whole schemas to ask them which members an object may have. */
function memberNames(name: string, schema: string): string {
  const { properties } = JSON.parse(schema);
  return properties === undefined
    ? ''
    : `const ${name} = {properties:{${Object.keys(properties).map((each) => `${each}:0`)}}};`;
}

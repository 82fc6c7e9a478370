import { writeFileSync } from 'node:fs';
import { generatedModule } from './generated-module.ts';
import { generatedTypes } from './generated-types.ts';

writeFileSync(new URL('../r4-types.generated.js', import.meta.url), generatedTypes());
writeFileSync(new URL('../r4.generated.js', import.meta.url), generatedModule());

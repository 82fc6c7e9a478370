import { writeFileSync } from 'node:fs';
import { generatedModule } from './generated-module.ts';

writeFileSync(new URL('../r4.generated.js', import.meta.url), generatedModule());

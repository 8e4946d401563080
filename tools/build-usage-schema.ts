import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { schemaText, usageSchema } from './usage-schema';

/** Generates schemas/usage.schema.json from the fields of the billing modes and tools/usage-schema-frame.json. */
const frame = JSON.parse(readFileSync(join(__dirname, 'usage-schema-frame.json'), 'utf8'));
writeFileSync(join(__dirname, '../schemas/usage.schema.json'), schemaText(usageSchema(frame)));

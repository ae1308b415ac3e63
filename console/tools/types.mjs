// Makes messages.d.ts anew: the JSON of every message and the table of methods, out of the proto files by their descriptors.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const here = new URL('..', import.meta.url);
const proto = new URL('../proto', here).pathname;
const image = JSON.parse(
	execFileSync(new URL('node_modules/.bin/buf', here).pathname, ['build', proto, '-o', '-#format=json'], { maxBuffer: 1 << 28 }),
);
const files = image.file.filter((file) => file.package === 'promised.v1').sort((a, b) => (a.name < b.name ? -1 : 1));
const SCALARS = {
	TYPE_DOUBLE: 'number',
	TYPE_FLOAT: 'number',
	TYPE_INT32: 'number',
	TYPE_UINT32: 'number',
	TYPE_FIXED32: 'number',
	TYPE_INT64: 'string',
	TYPE_UINT64: 'string',
	TYPE_FIXED64: 'string',
	TYPE_BOOL: 'boolean',
	TYPE_STRING: 'string',
	TYPE_BYTES: 'string',
};
const name = (full) => full.replace(/^\.?promised\.v1\./, '').replaceAll('.', '_');
const STATUS = '{ code?: number; message?: string; details?: Record<string, unknown>[] }';
const maps = new Map();
const lines = ['// Made by tools/types.mjs from the descriptors of proto/: the JSON of every message. Do not edit.'];

function type(field) {
	if (field.type === 'TYPE_MESSAGE' && maps.has(field.typeName)) return `Record<string, ${maps.get(field.typeName)}>`;
	const one =
		field.type === 'TYPE_MESSAGE' || field.type === 'TYPE_ENUM'
			? field.typeName === '.google.rpc.Status'
				? STATUS
				: /^\.google\.protobuf/.test(field.typeName)
					? 'string'
					: name(field.typeName)
			: SCALARS[field.type];
	return field.label === 'LABEL_REPEATED' ? `${one}[]` : one;
}
function enumeration(one, path) {
	lines.push(`export type ${name(`${path}.${one.name}`)} = ${one.value.map((value) => `'${value.name}'`).join(' | ')};`);
}
function collect(message, path) {
	for (const one of message.nestedType ?? []) {
		if (one.options?.mapEntry) maps.set(`.${path}.${message.name}.${one.name}`, SCALARS[one.field[1].type] ?? name(one.field[1].typeName));
		collect(one, `${path}.${message.name}`);
	}
}
function show(message, path) {
	const full = `${path}.${message.name}`;
	if (message.options?.mapEntry) return;
	lines.push(`export interface ${name(full)} { ${(message.field ?? []).map((field) => `${field.jsonName}?: ${type(field)};`).join(' ')} }`);
	for (const one of message.enumType ?? []) enumeration(one, full);
	for (const one of message.nestedType ?? []) show(one, full);
}
for (const file of files) for (const message of file.messageType ?? []) collect(message, 'promised.v1');
for (const file of files) {
	for (const one of file.enumType ?? []) enumeration(one, 'promised.v1');
	for (const message of file.messageType ?? []) show(message, 'promised.v1');
}
lines.push('export interface Methods {');
for (const file of files)
	for (const service of file.service ?? [])
		for (const method of service.method ?? [])
			lines.push(`  '${service.name}/${method.name}': [${name(method.inputType)}, ${name(method.outputType)}];`);
lines.push('}', '');
const kept = new URL('messages.d.ts', here);
if (process.argv.includes('--check')) {
	if (readFileSync(kept, 'utf8') !== lines.join('\n')) throw new Error('messages.d.ts is not what the proto files say: npm run types');
} else writeFileSync(kept, lines.join('\n'));
console.log(`messages.d.ts: ${lines.length} lines`);

// Formats the console's modules: prettier, and our templates as a tree of their own; --check only tells what is not so.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { doc, format } from 'prettier';
import * as babel from 'prettier/plugins/babel';
import * as estree from 'prettier/plugins/estree';

const { fill, group, indent, join, line, softline } = doc.builders;
const here = new URL('..', import.meta.url);

/** Whether a node is a template of ours. */
const ours = (node) => node?.type === 'TaggedTemplateExpression' && node.tag.name === 'html';
/** What stands for an expression within a template's text. */
const HOLE = /\u0001(\d+)\u0001/;

/** A template as a tree: elements with attributes and children, texts, and the numbers of expressions. @param {string} text */
function tree(text) {
	let at = 0;
	const take = (pattern) => {
		pattern.lastIndex = at;
		const found = pattern.exec(text);
		if (found) at = pattern.lastIndex;
		return found;
	};
	const element = () => {
		const tag = take(/<([^\s/>]+)/y)[1];
		const attributes = [];
		for (;;) {
			take(/\s+/y);
			if (take(/\/>/y)) return { tag, attributes };
			if (take(/>/y)) return { tag, attributes, children: children() };
			const found = take(/[^\s=/>]+(=("[^"]*"|'[^']*'|[^\s>]+))?/y);
			if (!found) throw new Error(`not understood: ${text.slice(at, at + 60)}`);
			attributes.push(found[0]);
		}
	};
	const children = () => {
		const all = [];
		while (at < text.length) {
			if (take(/<\/[^>]*>/y)) break;
			const hole = take(/\u0001(\d+)\u0001/y);
			if (hole) all.push(Number(hole[1]));
			else if (text[at] === '<') all.push(element());
			// What htm drops: white space with a line's end in it, at the ends of a text.
			else all.push(take(/[^<\u0001]+/y)[0].replace(/^\s*\n\s*|\s*\n\s*$/g, ''));
		}
		return all.filter((one) => one !== '');
	};
	return children();
}

/** Children one after the other; lines end where htm drops the white space, and amid texts. */
function row(children, show) {
	const parts = [];
	for (const [n, child] of children.entries()) {
		const beside = typeof child === 'string' || typeof children[n - 1] === 'string';
		if (n) parts.push(beside ? '' : softline);
		parts.push(show(child));
	}
	return fill(parts);
}

/** @param {any} path @param {any} print */
function template(path, print) {
	const { expressions } = path.node.quasi;
	const printed = path.map(print, 'quasi', 'expressions');
	const text = path.node.raws.map((raw, n) => (n ? `\u0001${n - 1}\u0001${raw}` : raw)).join('');
	const hole = (n) => {
		const wide =
			['ConditionalExpression', 'LogicalExpression', 'BinaryExpression'].includes(expressions[n].type) &&
			!inline(expressions[n]) &&
			!chosen(expressions[n]);
		return wide ? group(['${', indent([softline, printed[n]]), softline, '}']) : group(['${', printed[n], '}']);
	};
	const filled = (words) => words.split(HOLE).map((part, n) => (n % 2 ? hole(Number(part)) : part));
	const show = (one) => {
		if (typeof one === 'number') return hole(one);
		if (typeof one === 'string') return fill(join(line, one.split(/(?<=\S)\s+(?=\S)/)));
		const tag = filled(one.tag);
		const end = one.children ? '>' : ' />';
		const attributes = one.attributes.map(filled);
		const last = [attributes.pop() ?? '', end];
		const open = group(['<', tag, one.attributes.length ? indent([line, fill(join(line, [...attributes, last]))]) : end]);
		if (!one.children) return open;
		const close = HOLE.test(one.tag) ? '<//>' : ['</', tag, '>'];
		return group([open, within(one.children, show), close]);
	};
	return group(['html`', within(tree(text), show), '`']);
}

/** Children between what opens and closes them: on lines of their own where they do not fit. */
function within(children, show) {
	if (!children.length) return '';
	const [first, last] = [/^\s/.test(children[0]) ? '' : softline, /\s$/.test(children.at(-1)) ? '' : softline];
	return [indent([first, row(children, show)]), last];
}

/** A condition and the template that depends on it stay together. */
const inline = (node) => node.type === 'LogicalExpression' && node.operator === '&&' && ours(node.right);

/** One of several templates. */
const chosen = (node) =>
	node.type === 'ConditionalExpression' && [node.consequent, node.alternate].some((one) => ours(one) || inline(one) || chosen(one));
/** A template for each of something. */
const each = (node) =>
	/^(Optional)?CallExpression$/.test(node.type) &&
	!node.optional &&
	node.arguments.length === 1 &&
	node.arguments[0].type === 'ArrowFunctionExpression' &&
	ours(node.arguments[0].body);

const base = estree.printers.estree;
const plugin = {
	languages: [],
	parsers: {
		babel: {
			...babel.parsers.babel,
			parse: (text, options) => {
				const ast = babel.parsers.babel.parse(text, options);
				visit(ast.program);
				return ast;
			},
		},
	},
	printers: {
		estree: {
			...base,
			embed: (path, options) => (ours(path.node) || ours(path.parent) ? undefined : base.embed?.(path, options)),
			print: (path, options, print, args) => {
				if (ours(path.node)) return template(path, print);
				if (chosen(path.node)) return group([print('test'), ' ? ', print('consequent'), ' : ', print('alternate')]);
				if (each(path.node)) return [print('callee'), '(', path.call(print, 'arguments', 0), ')'];
				if (inline(path.node)) return group([print('left'), ' && ', print('right')]);
				return base.print(path, options, print, args);
			},
		},
	},
};
/** Keeps the texts of our templates, and lets prettier take each for one of several lines, which it leaves where it stands. */
function visit(node) {
	if (!node || typeof node !== 'object') return;
	if (Array.isArray(node)) {
		node.forEach(visit);
		return;
	}
	if (ours(node)) {
		node.raws = node.quasi.quasis.map((one) => one.value.raw);
		node.quasi.quasis[0].value.raw += '\n';
	}
	for (const [key, below] of Object.entries(node)) if (key !== 'loc' && key !== 'comments' && key !== 'tokens') visit(below);
}

const OPTIONS = { parser: 'babel', plugins: [estree, plugin], printWidth: 140, singleQuote: true, useTabs: true, tabWidth: 2 };
const folders = ['', 'screens/', 'texts/', 'tools/', 'test/', 'test/screens/'];
const names = folders.flatMap((folder) =>
	readdirSync(new URL(folder || '.', here))
		.filter((name) => /\.m?js$/.test(name))
		.map((name) => folder + name),
);
const checks = process.argv.includes('--check');
let wrong = 0;
for (const name of names) {
	const file = new URL(name, here);
	const before = readFileSync(file, 'utf8');
	const after = await format(before, { ...OPTIONS, filepath: name });
	if (after === before) continue;
	wrong += 1;
	if (checks) console.error(`${name} is not formatted: npm run format`);
	else writeFileSync(file, after);
}
console.log(`${names.length} modules, ${wrong} ${checks ? 'to be formatted' : 'formatted anew'}`);
if (checks && wrong) process.exit(1);

// System: what runs here, whether its books are right, how it is configured, who may what and who did what.
import { html, useState } from '../vendor/preact.js';
import { call, useAnswer } from '../api.js';
import { Check, Field, Form } from '../form.js';
import { bytes, instant, num, span } from '../format.js';
import { say, status, tick } from '../state.js';
import { Table } from '../table.js';
import { t } from '../texts.js';
import { Answer, Do, Facts, Panel, Tile, copy } from '../ui.js';
import { Nodes } from './nodes.js';

const ROLES = ['read', 'promise', 'plan', 'plan-apply', 'load', 'admin'];

function Books() {
	const [told, setTold] = useState(/** @type {any} */ (null));
	const right = told && !told.divergences?.length && !told.idle?.length;
	return html`
		<${Panel}
			title=${t('Are the books right?')}
			aside=${html`<${Do} class="main" run=${async () => setTold(await call('PromiseService/SelfCheck', {}))}>${t('Check now')}<//>`}>
			<p class="pad muted">${t('Every balance is computed anew and compared with the running one. Promising goes on meanwhile.')}</p>
			${told && html`
				<div aria-live="polite">
					<p class="headline">
						${right ? html`<b class="fine">${t('All is well')}</b>` : html`<b class="hurt">${t('There are differences')}</b>`}: ${t(
							'{n} promises on {m} accounts',
							{ n: num(told.promises ?? 0), m: num(told.accounts ?? 0) },
						)}.
					</p>
					${told.divergences?.length > 0 && html`
						<ul class="why">
							${told.divergences.map((one) => html`<li>${one.account} ${one.date}: ${num(one.promised)} / ${num(one.running)}</li>`)}
						</ul>
					`}
					${told.overcommitted?.length > 0 && html`
						<p class="pad">${t('Below zero by overrides or risk')}: ${told.overcommitted.slice(0, 20).join(', ')}</p>
					`}
				</div>
			`}
		<//>
	`;
}

function Access() {
	const who = useAnswer('AdminService/WhoAmI', {});
	const tokens = useAnswer('AdminService/ListTokens', {});
	const [name, setName] = useState('');
	const [roles, setRoles] = useState(['read']);
	const [made, setMade] = useState('');
	const me = who.data;
	const create = async () => {
		const told = await call('AdminService/CreateToken', { name, roles });
		setMade(told.token ?? '');
		setName('');
		tick.value += 1;
	};
	return html`
		<${Panel} title=${t('Who may what')}>
			<${Answer} of=${who}>
				<${Facts}
					of=${[
						[t('You are'), (!me?.open && me?.name) || t('anybody: no tokens are set up')],
						[t('Roles'), (me?.roles ?? []).join(', ')],
					]} />
			<//>
			${tokens.error?.code === 'failed_precondition' ? html`<p class="pad muted">${tokens.error.message}</p>` : !who.error && html`
				<${Answer} of=${tokens}>
					<${Table}
						id="k" label=${t('tokens')} rows=${tokens.data?.tokens ?? []}
						columns=${[
							{ key: 'name', title: t('Name'), narrow: true },
							{ key: 'roles', title: t('Roles'), narrow: true, get: (one) => (one.roles ?? []).join(', ') },
							{ key: 'expires', title: t('Ends'), kind: 'date', get: (one) => (one.expires ?? '').slice(0, 10) },
							{
								key: 'act',
								title: t('Do'),
								width: 10,
								narrow: true,
								get: () => '',
								show: (one) => html`
									<${Do}
										class="small danger"
										run=${async () => {
											if (confirm(t('Revoke the token {name}?', { name: one.name }))) {
												await call('AdminService/RevokeToken', { name: one.name });
												tick.value += 1;
											}
										}}>
										${t('Revoke')}
									<//>
								`,
							},
						]} />
					${made && html`
						<p class="banner" role="alert">
							${t('Shown once')}: <code>${made}</code> <${Do} class="small" run=${() => copy(made)}>${t('Copy')}<//>
						</p>
					`}
					<${Form} class="form" onSubmit=${() => create().catch((error) => say(error.message, 'bad'))}>
						<${Field} label=${t('New token for')} value=${name} on=${setName} />
						<div class="full buttons">
							${ROLES.map((role) => html`
								<${Check}
									label=${role} checked=${roles.includes(role)}
									on=${(yes) => setRoles(yes ? [...roles, role] : roles.filter((one) => one !== role))} />
							`)}
						</div>
						<div class="buttons"><button type="submit" disabled=${!name}>${t('New token')}</button></div>
					<//>
				<//>
			`}
		<//>
	`;
}

export default function System() {
	const is = status.value;
	const config = useAnswer('AdminService/GetConfig', {}, { live: false });
	const audit = useAnswer('AdminService/ListAudit', { pageSize: 200 });
	const settings = config.data?.settings ?? [];
	const lines = audit.data?.records ?? [];
	return html`
		<div class="head"><h1>${t('System')}</h1></div>
		<div class="tiles">
			<${Tile}
				label=${t('Position')} value=${num(is?.version?.sequence ?? 0)} note=${t('ledger {name}', { name: is?.version?.ledger ?? '–' })} />
			<${Tile} label=${t('Memory')} value=${bytes(is?.bytesResident)} note=${t('the whole process')} />
			<${Tile} label=${t('Planning data')} value=${bytes(is?.bytesLive)} />
			<${Tile} label=${t('Serving for')} value=${is ? span(Number(is.ageSeconds ?? 0)) : '–'} />
			<${Tile} label=${t('Live promises')} value=${num(is?.promisesLive ?? 0)} />
		</div>
		<div class="columns">
			<div><${Books} /><${Access} /></div>
			<div>
				<${Nodes} />
				<${Panel} title=${t('Configuration that holds')}>
					<${Answer} of=${config} none=${!settings.length} empty=${t('Nothing is told.')}>
						<${Table}
							id="c" label=${t('settings')} rows=${settings}
							columns=${[
								{ key: 'key', title: t('Setting'), narrow: true },
								{ key: 'value', title: t('Value'), narrow: true },
								{ key: 'from', title: t('From') },
							]} />
					<//>
				<//>
			</div>
		</div>
		<${Panel} title=${t('Audit')}>
			<${Answer} of=${audit} none=${!lines.length} empty=${t('Nothing was refused, and nothing administered.')}>
				<${Table}
					id="u" label=${t('entries')} rows=${lines}
					columns=${[
						{ key: 'at', title: t('When'), kind: 'date', narrow: true, show: (one) => instant(one.at), width: 18 },
						{ key: 'principal', title: t('Who'), narrow: true },
						{ key: 'method', title: t('What'), narrow: true, width: 30 },
						{ key: 'code', title: t('Outcome') },
						{ key: 'reason', title: t('Why') },
					]} />
			<//>
		<//>
	`;
}

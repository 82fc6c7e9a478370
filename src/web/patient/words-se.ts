import type { Words } from './words.ts';

export const words: Words = {
  skip: 'Mana sisdollui',
  language: 'Giella',
  end: 'Heaitte',
  menu: 'Siiddut',
  home: 'Skovit',
  results: 'Bohtosat',
  consent: 'Miehtan',
  loading: 'Viežžá …',
  about: (minutes, until) =>
    `Ádjána sullii ${minutes} minuhta.${until === undefined ? '' : ` Sáhttá vástidit gitta ${until}.`}`,
  saved: 'Vurkejuvvon',
  saving: 'Vurke …',
  savedHere: 'Vurkejuvvon dán rusttegii – sáddejuvvo go neahtta lea fas',
  notSaved: 'Ii vel vurkejuvvon. Geahččalit ođđasit.',
  notNow: 'It go sáhte dahje it go hálit vástidit dál?',
  retry: 'Geahččal ođđasit',
  failedTitle: 'Eat ožžon siiddu vižžojuvvot',
  failed: 'Juoga manai boastut min bealde. Du vástádusat leat oadjebasat. Geahččal ođđasit maŋŋelaš.',
  offline: 'Dus ii leat neahtta. Geahččal ođđasit go neahtta lea fas.',
  endedTitle: 'Don leat olggosčálihuvvon',
  endedSignIn: 'Lea leamaš guhká dan rájes go ledjet dáppe. Čálihuvvo ođđasit vai joatkkát doppe gos ledjet.',
  endedLink: 'Raba liŋkka dieđus ođđasit vai joatkkát doppe gos ledjet.',
  kept: 'Dat maid leat vástidan, lea vurkejuvvon.',
  signIn: 'Čálihuvvo sisa',
  closedTitle: 'Dán skovi ii sáhte vástidit dál',
  closed:
    'Dat lea vástiduvvon, áigemearri lea nohkan, dahje dat lea geassojuvvon ruovttoluotta. It dárbbaš dahkat maidege.',
  leftTitle: 'Don leat heaitán',
  left: 'Ii mihkkege das maid oidnet čájehuvvo šat dán rusttegis. Sáhtát gokčat siiddu.',
  otherLanguage: (name) => `Skovvi ii gávdno dan gillii maid válljejit. Dat čájehuvvo gillii: ${name}.`,
};

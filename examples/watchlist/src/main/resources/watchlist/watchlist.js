'use strict';

// Names and messages come from people and files: they are only ever set as text.
const byId = id => document.getElementById(id);
let limits = {mostBytes: Infinity};
let asked = 0;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  if (className === 'who') made.dir = 'auto'; // a name may be written from right to left
  return made;
}

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {method, body, headers: body ? {'Content-Type': 'application/octet-stream'} : {}});
  } catch (unreachable) {
    throw new Error('The server does not answer. Is it still running?');
  }
  const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message || 'The server answered ' + answer.status + '.');
  return said;
}

/** While something is asked its part of the page says so, and takes no second question. */
async function busy(section, work) {
  const part = byId(section);
  const buttons = [...document.querySelectorAll('#' + section + ' button, .sample')].filter(button => !button.disabled);
  const timer = setTimeout(() => {
    part.setAttribute('aria-busy', 'true');
    if (section === 'recognise') byId('probe-busy').hidden = false;
    buttons.forEach(button => button.disabled = true);
  }, 150);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    part.removeAttribute('aria-busy');
    byId('probe-busy').hidden = true;
    buttons.forEach(button => button.disabled = false);
  }
}

function megabytes(bytes) {
  return bytes < 1048576 ? bytes + ' bytes' : Math.floor(bytes / 1048576) + ' MB';
}

function checkSize(file) {
  if (file.size > limits.mostBytes) {
    throw new Error('“' + file.name + '” is too large: at most ' + megabytes(limits.mostBytes) + ' are taken.');
  }
}

function face(person, className) {
  if (!person || !person.picture) {
    const none = element('div', className + ' no-picture', person ? Array.from(person.name)[0].toUpperCase() : '?');
    none.setAttribute('role', 'img');
    none.setAttribute('aria-label', person ? 'No picture of ' + person.name + ' is kept' : 'Nobody');
    return none;
  }
  const picture = element('img', className);
  picture.src = person.picture;
  picture.alt = person.name + ', as enrolled';
  return picture;
}

/** From 0 to 1; a mark stands at the threshold. */
function scale(similarity, threshold) {
  const drawn = element('div', 'scale');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const rectangle = (className, x, y, width, height) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    Object.entries({class: className, x, y, width, height, rx: 2}).forEach(([name, value]) => made.setAttribute(name, value));
    svg.append(made);
  };
  rectangle('bar', 0, 0, 100 * Math.min(1, Math.max(0, similarity)) + '%', '100%');
  rectangle('mark', 100 * Math.min(1, Math.max(0, threshold)) + '%', '-25%', 2, '150%');
  drawn.append(svg);
  return drawn;
}

async function showPeople() {
  const all = await ask('GET', '/people');
  limits = all;
  byId('people').replaceChildren(...all.people.map(person => {
    const row = element('li');
    const who = element('div', 'who', person.name);
    who.append(element('small', '', person.templates === 1 ? '1 picture' : person.templates + ' pictures'));
    const remove = element('button', 'remove', 'Remove');
    remove.type = 'button';
    remove.setAttribute('aria-label', 'Remove ' + person.name);
    remove.addEventListener('click', () => removePerson(person.name));
    row.append(face(person, 'face'), who, remove);
    return row;
  }));
  byId('nobody-yet').hidden = all.people.length > 0;
  const most = 'Up to ' + megabytes(all.mostBytes) + ' and ' + Math.floor(all.mostPixels / 1e6) + ' megapixels.';
  const fills = all.frames ? 'A photograph; faces are found in it. ' : 'The face fills the picture. ';
  byId('enrol-limits').textContent = fills + 'Seen at ' + all.sharp + ' pixels. ' + most;
  byId('probe-limits').textContent = fills + 'Seen at ' + all.small + ' pixels, shrunk to that if it is larger.';
  if (all.frames) {
    byId('probe-drop').querySelector('p').textContent = 'Drop a photograph here, of one person or several, or';
    byId('probe-drop').querySelector('label').textContent = 'Choose a photograph';
  }
  showSamples(all.samples || []);
  const there = new Set(all.people.map(person => person.name));
  document.querySelectorAll('#sharp-samples .sample').forEach(button => {
    button.disabled = there.has(button.dataset.person);
    button.querySelector('small').textContent = button.disabled ? '✓ on the list' : '';
  });
  byId('hint').hidden = !all.hint;
  byId('hint').textContent = all.hint || '';
  byId('threshold').textContent = 'The mark is what an answer needs, ' + cosine(all.threshold) + ': ' + all.reason + '.';
}

let undoEnds;

function offerUndo(offered) {
  clearTimeout(undoEnds);
  byId('undo').hidden = !offered;
  if (offered) undoEnds = setTimeout(() => offerUndo(false), 25000);
}

async function undo() {
  offerUndo(false);
  try {
    const back = await ask('POST', '/people/undo');
    byId('enrol-message').textContent = '';
    byId('enrol-done').textContent = back.name + ' is on the list again.';
  } catch (refused) {
    byId('enrol-done').textContent = '';
    byId('enrol-message').textContent = refused.message;
  }
  await showPeople();
}

async function removePerson(name) {
  byId('enrol-done').textContent = '';
  try {
    await ask('DELETE', '/people?name=' + encodeURIComponent(name));
    byId('enrol-message').textContent = '';
    byId('enrol-done').textContent = name + ' is no longer on the list.';
    offerUndo(true);
  } catch (refused) {
    byId('enrol-message').textContent = refused.message;
  }
  await showPeople();
}

async function enrol() {
  const name = byId('name').value.trim();
  const files = Array.from(byId('enrol-file').files);
  const whole = await enrolFiles(name, files);
  if (whole) {
    byId('enrol').reset();
    showChosen();
    byId('name').focus();
  }
}

/** Whether all of them are on the list now. */
async function enrolFiles(name, files) {
  byId('enrol-message').textContent = '';
  byId('enrol-done').textContent = '';
  offerUndo(false);
  let last;
  let whole = false;
  try {
    if (!name) throw new Error('Give a name first.');
    if (!files.length) throw new Error('Choose a picture first.');
    await busy('enrol', async () => {
      for (const file of files) {
        checkSize(file);
        last = await ask('POST', '/people?name=' + encodeURIComponent(name) + '&file=' + encodeURIComponent(file.name), file);
      }
    });
    whole = true;
  } catch (refused) {
    byId('enrol-message').textContent = refused.message;
  }
  if (last) {
    byId('enrol-done').textContent = last.name + ' is on the list, with ' + (last.templates === 1 ? '1 picture.' : last.templates + ' pictures.');
  }
  await showPeople();
  return whole;
}

function sample(picture, person, says, act) {
  const button = element('button', 'sample');
  button.type = 'button';
  const image = element('img', says === 'ask' ? 'pixels' : '');
  image.src = picture;
  image.alt = '';
  button.dataset.person = person;
  button.append(image, element('span', '', person));
  if (says === 'enrol') button.append(element('small'));
  button.setAttribute('aria-label', (says === 'ask' ? 'Ask about the small picture of ' : 'Enrol three sharp pictures of ') + person);
  button.addEventListener('click', act);
  return button;
}

async function sampleFile(picture, name) {
  const answer = await fetch(picture);
  if (!answer.ok) throw new Error('The sample cannot be read.');
  return new File([await answer.blob()], name);
}

function showSamples(all) {
  if (!all.length || !byId('samples').hidden) return;
  byId('samples').hidden = false;
  byId('nobody-yet').textContent = 'Nobody yet. Give a name and a sharp picture of the face, or click a sample below.';
  const sharp = new Map();
  all.filter(each => each.sharp).forEach(each => sharp.set(each.person, [...(sharp.get(each.person) || []), each.picture]));
  byId('sharp-samples').replaceChildren(...[...sharp].map(([person, pictures]) => sample(pictures[0], person, 'enrol', async () => {
    await enrolFiles(person, await Promise.all(pictures.map((picture, i) => sampleFile(picture, person + '-sharp-' + (i + 1) + '.png'))));
  })));
  byId('small-samples').replaceChildren(...all.filter(each => !each.sharp).map(each =>
    sample(each.picture, each.person, 'ask', async () => {
      await recognise(await sampleFile(each.picture, each.person + '-small.png'));
      bringInSight(byId('recognise'), byId('answer').hidden ? byId('probe-message') : byId('verdict'));
    })));
}

/** Whoever clicks a sample at the foot of the page has not seen the answer at its head. */
function bringInSight(part, what) {
  const {top, bottom} = what.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  part.scrollIntoView({block: 'start', behavior: calm ? 'auto' : 'smooth'});
}

function showChosen() {
  byId('chosen').textContent = Array.from(byId('enrol-file').files, file => file.name).join(', ');
}

async function recognise(file) {
  const mine = ++asked;
  byId('probe-message').textContent = '';
  try {
    checkSize(file);
    const found = await busy('recognise', () => ask('POST', '/probes?file=' + encodeURIComponent(file.name), file));
    if (mine === asked) showFaces(found);
  } catch (refused) {
    if (mine !== asked) return;
    byId('answer').hidden = true;
    byId('no-answer').hidden = true;
    byId('probe-message').textContent = refused.message;
  }
}

/** Of a photograph of several people: one button a face, the answer about one of them below. */
function showFaces(found) {
  const all = [found, ...(found.others || [])];
  const buttons = all.map((each, i) => {
    const button = element('button');
    button.type = 'button';
    const image = element('img');
    image.src = each.picture;
    image.alt = '';
    const who = element('span', each.nobody ? 'unknown' : 'known', each.nobody ? 'nobody' : each.matches[0].name);
    who.dir = 'auto';
    button.append(image, who);
    button.setAttribute('aria-label', 'Face ' + (i + 1) + ': ' + (each.nobody ? 'nobody on the list' : each.matches[0].name));
    button.addEventListener('click', () => choose(i));
    return button;
  });
  const choose = chosen => {
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === chosen)));
    showAnswer(all[chosen]);
  };
  byId('faces').replaceChildren(...buttons);
  byId('faces').hidden = all.length < 2;
  // Whoever is known is what was asked for; without anybody, the face on the left.
  choose(Math.max(0, all.findIndex(each => !each.nobody)));
}

function cosine(value) {
  return value.toFixed(2).replace('-', '−');
}

function showAnswer(found) {
  byId('no-answer').hidden = true;
  const best = found.matches[0];
  const verdict = byId('verdict');
  verdict.className = 'verdict ' + (found.nobody ? 'nobody' : 'somebody');
  verdict.textContent = found.nobody ? 'Nobody on the list' : best.name;
  byId('small-picture').src = found.picture;
  byId('small-caption').textContent = 'Small picture, ' + found.seen + ' pixels' + (found.sent === found.seen ? '' : ', sent as ' + found.sent);
  byId('sharp-place').replaceChildren(face(best, 'sharp'));
  byId('sharp-caption').textContent = !best ? 'Nobody is enrolled yet'
    : (found.nobody ? 'Nearest, but not similar enough: ' : 'As enrolled: ') + best.name + ', ' + cosine(best.similarity);
  byId('matches-title').hidden = !found.matches.length;
  byId('matches').replaceChildren(...found.matches.map(match => {
    const row = element('li', match.believed ? '' : 'below');
    const who = element('div', 'who', match.name);
    who.append(scale(match.similarity, found.threshold));
    row.append(face(match, 'face'), who, element('div', 'value', cosine(match.similarity)));
    return row;
  }));
  byId('answer').hidden = false;
}

function droppable(zone, take) {
  zone.addEventListener('dragover', event => {
    event.preventDefault();
    zone.classList.add('over');
  });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
}

// A file that misses its place must not replace the page.
['dragover', 'drop'].forEach(kind => window.addEventListener(kind, event => event.preventDefault()));
droppable(byId('probe-drop'), files => recognise(files[0]));
droppable(byId('enrol-drop'), files => {
  byId('enrol-file').files = files;
  showChosen();
});
byId('enrol-file').addEventListener('change', showChosen);
byId('probe-file').addEventListener('change', event => {
  if (event.target.files.length) recognise(event.target.files[0]);
  event.target.value = '';
});
byId('enrol').addEventListener('submit', event => {
  event.preventDefault();
  enrol();
});
byId('undo').addEventListener('click', undo);
showPeople().catch(refused => {
  byId('enrol-message').textContent = refused.message;
});

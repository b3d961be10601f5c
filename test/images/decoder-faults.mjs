// Loaded into a decoder by --import: a picture that says so in a text chunk makes it die, hang, hoard memory, answer twice or tell its environment.
const send = process.send.bind(process);
const env = { ...process.env };
const hoard = [];

const FAULTS = {
  abort: () => process.abort(),
  segfault: () => process.kill(process.pid, 'SIGSEGV'),
  exit: () => process.exit(3),
  hang: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  hoard: () => {
    // The picture itself is done at once; its decoder goes on as if it were not.
    globalThis.clearInterval = () => {};
    process.send = (answer) => answer !== 'too-much-memory' || send(answer);
    setInterval(() => hoard.push(Buffer.alloc(20_000_000, 1)), 5);
  },
  // And the picture's own answer comes behind it.
  late: () => send('too-much-memory'),
  tell: () => send({ ok: false, code: 'image-crashes', args: env }),
};

// Not by a listener: the first one opens the channel, before the decoder has its own.
const { emit } = process;
process.emit = function (name, ...values) {
  if (name === 'message') {
    const text = Buffer.from(values[0].bytes).toString('latin1');
    const fault = /FAULT (\w+)/.exec(text)?.[1];
    FAULTS[fault]?.();
    if (fault === 'tell') return true;
  }
  return emit.call(this, name, ...values);
};

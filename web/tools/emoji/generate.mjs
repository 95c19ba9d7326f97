// Writes src/features/inbox/composer/emoji/<language>.ts: the common emoji with the names and words that Unicode's CLDR has
// for them. Run `npm ci && node generate.mjs` here after a change of the list or for a newer CLDR; the result is
// committed, so that a build needs neither.
import { readFile, writeFile } from 'node:fs/promises';

const COMMON = `
😀 😃 😄 😁 😆 😅 😂 🤣 😊 😇 🙂 🙃 😉 😌 😍 🥰 😘 😗 😋 😛 😜 🤪 🤨 🧐 🤓 😎 🥳 😏 😒 😞 😔 😟 😕 🙁 😣 😖 😫 😩 🥺 😢 😭 😤 😠 😡 🤯 😳 🥵 🥶 😱 😨 😰 😥 😓
🤗 🤔 🤭 🤫 😶 😐 😑 😬 🙄 😯 😮 😲 🥱 😴 🤤 😵 🤐 🤢 🤮 🤧 😷 🤒 🤕 🤑 🤠
👍 👎 👌 🤏 ✌️ 🤞 🤟 🤘 🤙 👈 👉 👆 👇 ☝️ ✋ 🖐️ 👋 💪 🙏 👏 🙌 👐 🤝 ✍️ 🤷 🤦 🙋 💁 🙅 🙆
❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 ❣️ 💕 💞 💓 💗 💖 💘 💝 💯 💥 💫 ⭐ 🌟 ✨ ⚡ 🔥 🎉 🎊 🎈 🎁 🎀 🏆 🥇 🎯
✅ ❌ ❗ ❓ ⚠️ ℹ️ ➡️ ⬅️ ⬆️ ⬇️ 🔄 🆗 🆕 🆓 🔝 🔜 ✔️ ➕ ➖ 💬 💭 🔔 🔕 📌 📍 🔗 🔒 🔓 🔑
📞 📱 💻 📧 ✉️ 📩 📦 🚚 🚗 🚕 🚌 ✈️ 🚢 🏠 🏢 🏪 🏭 🏥 🏦 🛒 🛍️ 💳 💰 💵 💶 🧾 📄 📑 📊 📈 📉 📅 🗓️ ⏰ ⏳ ⌛ 🕐 📷 🎥 🖨️ 🔧 🛠️ 🪑 🛋️ 🛏️ 🚪 💡 🧹 🧺
☀️ 🌤️ ☁️ 🌧️ ❄️ 🌈 🌙 🌍 🌸 🌹 🌻 🌿 🌲 🐶 🐱 🐦 ☕ 🍵 🍰 🎂 🍕 🍎 🍽️ 🥂 ⚽ 🎵
`.trim().split(/\s+/);

const read = async (path) => JSON.parse(await readFile(new URL(`node_modules/cldr-annotations-full/${path}/annotations.json`, import.meta.url), 'utf8'));
const quoted = (text) => `'${text.replaceAll("'", '’')}'`;

for (const lang of ['en', 'de', 'tr']) {
  const { annotations } = (await read(`annotations/${lang}`)).annotations;
  const rows = COMMON.map((emoji) => {
    // CLDR names them without the selector that asks for the coloured form.
    const found = annotations[emoji] ?? annotations[emoji.replace('\u{FE0F}', '')];
    if (!found) throw new Error(`CLDR has no ${emoji} in ${lang}`);
    const name = found.tts[0];
    const words = (found.default ?? []).filter((word) => word !== name).slice(0, 8);
    return `  [${quoted(emoji)}, ${quoted(name)}, ${quoted(words.join(' '))}],`;
  });
  const text = `/* Made from Unicode's CLDR by tools/emoji/generate.mjs; not edited by hand. */\nimport type { EmojiRow } from '.';\n\nexport const emoji: readonly EmojiRow[] = [\n${rows.join('\n')}\n];\n`;
  await writeFile(new URL(`../../src/features/inbox/composer/emoji/${lang}.ts`, import.meta.url), text);
}

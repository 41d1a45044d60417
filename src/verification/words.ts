/**
 * One word a byte: 256 common English nouns, in alphabetical order. No two begin with the same three letters, and from
 * any one to any other takes three letters changed, added or left out: a word that is heard or typed half wrong is not
 * taken for another.
 */
export const WORDS: readonly string[] = Object.freeze(
  `
  acorn album amber anchor angle apron arctic atlas autumn avenue bakery balcony bamboo banjo barrel
  basket beacon beetle bell berry bicycle blossom boat bonnet border bracelet bread broom buffalo
  butter cabin cactus camel canoe carpet castle cedar chimney cinema circus clarinet clock cobra
  coconut coffee copper cotton cousin crayon cricket crystal cupboard curtain cushion dairy dancer
  deck desert diamond doctor dolphin donkey drawer drum dust echo eclipse editor elbow elephant engine
  envelope equator eyebrow fabric farmer feather fence fiddle finger flag flower flute forest fossil
  fountain freckle fruit funnel furnace gallery garden gazelle giant giraffe glacier glove gorilla
  grape guitar harbor heart helmet herring hippo hobby hook horse hotel iceberg igloo insect island
  ivory jaguar jersey jewel jigsaw journal juice juniper kangaroo kayak keyboard kidney kiosk kitchen
  kiwi koala ladder lagoon lantern laundry lava legend lemon lettuce library lily linen lizard lobster
  locket lunch magnet marble meadow mermaid metal midnight mirror mixer mosaic muffin museum napkin
  necklace nickel noodle north oasis oatmeal ocean octopus omelet onion opera orange orchid ostrich
  oxygen palace panda paper parrot peach pebble pelican penguin picnic pigeon pillow pirate pizza
  planet poem polar poppy potato prairie pudding pumpkin puppet purple pyramid quilt rabbit radio
  railway raven razor recipe reef ribbon ring rubber runway sailor salad scarf school scooter silver
  skeleton slipper sofa spider sponge squirrel stable student sugar summer sunset swan sweater syrup
  teapot temple tennis thunder tractor trumpet tulip umbrella unicorn vacuum vanilla village violin
  visitor volcano voyage vulture waffle walnut wardrobe whistle window wolf yacht yarn yogurt zigzag
  zodiac zone
`
    .trim()
    .split(/\s+/),
);

/** Bits that one word tells apart. */
export const BITS_PER_WORD = 8;

/** Writes the first `count` bytes of a digest as words. Throws RangeError when it has fewer. */
export function words(digest: Uint8Array, count: number): string[] {
  if (digest.length < count) throw new RangeError('the digest is too short for so many words');
  return Array.from(digest.subarray(0, count), (byte) => WORDS[byte] ?? '');
}

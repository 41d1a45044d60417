//! The kept corpus: a file for each seed and each outcome, and `manifest.json` with what the log calls for and the code that must come of it, which the test
//! of the wasm reads as well. Findings are added by hand, as `found-*.bin` with a line in the manifest.

use crate::generate::Generator;
use crate::scene::{Call, Scene, Seed};
use crate::target::{Report, Target};
use mls_rs_wasm::rules::Expected;
use serde_json::{json, Value};
use std::{collections::BTreeSet, fs, path::Path};

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn unhex<const N: usize>(value: &Value) -> Option<[u8; N]> {
    let text = value.as_str().filter(|it| it.len() == 2 * N)?;
    let bytes: Option<Vec<u8>> = (0..N).map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

fn row(seed: &Seed, code: &str) -> Value {
    let it = &seed.expected;
    let adds: Vec<_> = it.adds.iter().map(|(id, hash)| json!({"participant": hex(id), "keyPackageHash": hex(hash)})).collect();
    let removes: Vec<_> = it.removes.iter().map(|id| hex(id)).collect();
    let file = format!("{}-{}.bin", seed.call.name(), seed.name);
    let expected = json!({"committer": hex(&it.committer), "adds": adds, "removes": removes, "path": it.path});
    json!({"file": file, "call": seed.call.name(), "code": code, "expected": expected})
}

fn seed_of(row: &Value, folder: &Path) -> Option<Seed> {
    let file = row["file"].as_str()?;
    let it = &row["expected"];
    let adds = it["adds"].as_array()?.iter().map(|add| Some((unhex(&add["participant"])?, unhex(&add["keyPackageHash"])?)));
    let removes = it["removes"].as_array()?.iter().map(unhex).collect::<Option<_>>()?;
    let expected = Expected {
        committer: unhex(&it["committer"])?,
        adds: adds.collect::<Option<_>>()?,
        removes,
        path: it["path"].as_bool()?,
        authenticated_data: vec![],
    };
    let call = Call::ALL.into_iter().find(|call| row["call"] == call.name())?;
    let name = file.strip_suffix(".bin")?.to_owned();
    Some(Seed { call, name, bytes: fs::read(folder.join(file)).ok()?, expected, genuine: row["code"] == "accepted" })
}

/// Inputs that are tried for the corpus; the first one of each outcome is kept.
const TRIED: usize = 30_000;

/// An outcome: what was called, the code, and the error's name or text without its values.
fn outcome(call: Call, report: &Report) -> (Call, &'static str, String) {
    (call, report.code, report.detail.split(['(', '{']).next().unwrap_or_default().trim().to_owned())
}

/// The seeds of the scene, and one input for each other outcome: most of them signed by the insider.
pub fn write(folder: &Path, scene: &Scene) -> std::io::Result<usize> {
    fs::create_dir_all(folder)?;
    let mut target = Target::new(scene);
    let (mut rows, mut outcomes) = (vec![], BTreeSet::new());
    let mut keep = |seed: &Seed, code: &str| -> std::io::Result<()> {
        let row = row(seed, code);
        let written = fs::write(folder.join(row["file"].as_str().unwrap_or_default()), &seed.bytes);
        rows.push(row);
        written
    };
    let mut generator = Generator::new(scene, 0);
    for seed in &mut generator.pool {
        let report = target.run(seed.call, &seed.bytes, &seed.expected, false, false);
        seed.genuine = report.code == "accepted";
        outcomes.insert(outcome(seed.call, &report));
        keep(seed, report.code)?;
    }
    for _ in 0..TRIED {
        let it = generator.next();
        let report = target.run(it.call, &it.bytes, &it.expected, false, false);
        if it.bytes.len() > 1 << 13 || !outcomes.insert(outcome(it.call, &report)) {
            continue;
        }
        let detail = outcome(it.call, &report).2.to_lowercase();
        let words: Vec<_> = detail.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).take(6).collect();
        let name = format!("made-{}-{}", report.code.replace('_', "-"), words.join("-"));
        keep(&Seed { call: it.call, name, bytes: it.bytes, expected: it.expected, genuine: false }, report.code)?;
    }
    fs::write(folder.join("manifest.json"), format!("{:#}\n", Value::Array(rows.clone())))?;
    Ok(rows.len())
}

/// Reads the corpus and runs each file once. Every code must be the kept one, and every seed of the scene be there, byte for byte.
pub fn read(folder: &Path, scene: &Scene) -> Result<Vec<Seed>, String> {
    let text = fs::read(folder.join("manifest.json")).map_err(|it| format!("manifest.json: {it}"))?;
    let rows: Vec<Value> = serde_json::from_slice(&text).map_err(|it| format!("manifest.json: {it}"))?;
    let mut target = Target::new(scene);
    let mut seeds = vec![];
    for row in &rows {
        let seed = seed_of(row, folder).ok_or_else(|| format!("a bad row: {row}"))?;
        let report = target.run(seed.call, &seed.bytes, &seed.expected, false, false);
        if row["code"] != report.code || report.broken.is_some() {
            return Err(format!("{}: {}, {:?}", seed.name, report.code, report.broken));
        }
        seeds.push(seed);
    }
    let kept =
        |it: &Seed| seeds.iter().any(|kept| kept.name == format!("{}-{}", it.call.name(), it.name) && kept.bytes == it.bytes);
    match scene.seeds.iter().find(|it| !kept(it)) {
        Some(it) => Err(format!("{} is not as kept: write the corpus anew", it.name)),
        None => Ok(seeds),
    }
}

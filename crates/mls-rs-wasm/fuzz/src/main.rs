//! Hostile input for every function that takes a peer's bytes. `node ../fuzz.mjs` builds and runs it; its options are there.
//!
//! Exit code 1: a panic, a call that takes too long, a wrong state after a call, or too few inputs past a stage.

mod corpus;
mod counts;
mod coverage;
mod generate;
mod insider;
mod loose;
mod mutate;
mod random;
mod scene;
mod seeds;
mod target;
mod tree;

use counts::{report, Counts};
use coverage::Coverage;
use generate::{Generator, Input};
use scene::{Call, Scene, Seed};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use target::Target;

/// Seconds that one input may take.
const BOUND: u64 = 10;
/// After so many inputs what is genuine must be accepted.
const PROBE: u64 = 1_000;
/// How often a long run says how far it is.
const SAY_SECONDS: u64 = 60;
/// Inputs that reached something new, at most so many.
const POOL: usize = 4_000;

struct Options {
    inputs: u64,
    seed: u64,
    corpus: PathBuf,
    findings: PathBuf,
    write: bool,
    /// Each input is written here before it is tried: to find what ends the process.
    trace: Option<PathBuf>,
}

fn options() -> Option<Options> {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (corpus, findings) = (base.join("corpus"), base.join("target").join("findings"));
    let mut it = Options { inputs: 100_000, seed: 1, corpus, findings, write: false, trace: None };
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        match name.as_str() {
            "--write-corpus" => it.write = true,
            "--inputs" => it.inputs = args.next()?.parse().ok()?,
            "--seed" => it.seed = args.next()?.parse().ok()?,
            "--corpus" => it.corpus = args.next()?.into(),
            "--trace" => it.trace = Some(args.next()?.into()),
            "--findings" => it.findings = args.next()?.into(),
            _ => return None,
        }
    }
    Some(it)
}

/// What is being tried, for the watchdog.
struct Watch {
    since: AtomicU64,
    input: Mutex<(Call, Vec<u8>)>,
}

fn keep(folder: &Path, why: &str, call: Call, bytes: &[u8]) {
    let name = format!("found-{}-{}.bin", call.name(), &corpus::hex(&mls_rs_wasm::key_package::hash(bytes))[..16]);
    let kept = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(folder.join(&name), bytes));
    println!("FOUND {why}: {} bytes for {}, {name} {}", bytes.len(), call.name(), if kept.is_ok() { "kept" } else { "NOT kept" });
}

fn watch(start: Instant, watch: Arc<Watch>, findings: PathBuf) {
    std::thread::spawn(move || loop {
        std::thread::sleep(Duration::from_secs(1));
        let since = watch.since.load(Relaxed);
        if since > 0 && start.elapsed().as_secs() > since + BOUND {
            if let Ok(it) = watch.input.lock() {
                keep(&findings, "a call takes too long", it.0, &it.1);
            }
            std::process::exit(1);
        }
    });
}

/// The insider's tools make what is accepted, if nothing is mutated; else the figures below would mean little.
fn insider_is_able(scene: &Scene) -> Result<(), String> {
    let mut target = Target::new(scene);
    let [commit, _] = scene.genuine.map(|at| &scene.seeds[at]);
    let mut node = tree::parse(&commit.bytes).ok_or("no tree of the genuine commit")?;
    if node.encode() != commit.bytes {
        return Err("a tree does not encode to what it was parsed from".to_owned());
    }
    scene.insider.sign_message(&mut node).ok_or("cannot sign a message")?;
    let mut info = scene.info.clone();
    let welcome = scene.insider.seal_welcome(&scene.secrets, &mut info, &scene.joiner_reference, &scene.joiner_init_key, true);
    let package = scene.seeds.iter().find(|it| it.call == Call::Check).ok_or("no key package")?;
    let mut signed = tree::parse(&package.bytes).ok_or("no tree of a key package")?;
    scene.forger.sign_key_package(&mut signed).ok_or("cannot sign a key package")?;
    let tries = [(Call::Process, node.encode()), (Call::Welcome, welcome.ok_or("cannot seal")?), (Call::Check, signed.encode())];
    for (call, bytes) in tries {
        let report = target.run(call, &bytes, &commit.expected, false, false);
        if report.code != "accepted" {
            return Err(format!("what the insider makes for {} is refused: {}", call.name(), report.code));
        }
    }
    Ok(())
}

fn fuzz(options: &Options, scene: &Scene, seeds: Vec<Seed>) -> Result<Counts, String> {
    let start = Instant::now();
    let watched = Arc::new(Watch { since: AtomicU64::new(0), input: Mutex::new((Call::Check, vec![])) });
    watch(start, watched.clone(), options.findings.clone());
    std::panic::set_hook(Box::new(|it| println!("PANIC {it}")));
    random::seed_system(&options.seed.to_be_bytes());
    let mut generator = Generator::new(scene, options.seed);
    generator.pool = seeds;
    let (mut target, mut counts, mut coverage) = (Target::new(scene), Counts::default(), Coverage::default());
    let mut said = start;
    for i in 1..=options.inputs {
        let Input { call, bytes, expected, path, busy } = generator.next();
        if let Ok(mut it) = watched.input.lock() {
            it.0 = call;
            it.1.clone_from(&bytes);
        }
        watched.since.store(start.elapsed().as_secs().max(1), Relaxed);
        if let Some(file) = &options.trace {
            std::fs::write(file, &bytes).map_err(|it| it.to_string())?;
        }
        Coverage::clear();
        match catch_unwind(AssertUnwindSafe(|| target.run(call, &bytes, &expected, path, busy))) {
            Ok(report) => {
                counts.add(call, &report);
                if let Some(what) = report.broken {
                    counts.found += 1;
                    keep(&options.findings, &format!("{what} is wrong after {}", report.code), call, &bytes);
                    target.refresh();
                }
            }
            Err(_) => {
                counts.found += 1;
                keep(&options.findings, "a panic", call, &bytes);
                target.refresh();
            }
        }
        if Coverage::is_on() && coverage.is_new() && generator.pool.len() < POOL {
            generator.pool.push(Seed { call, name: String::new(), bytes, expected, genuine: false });
        }
        if i % PROBE == 0 || i == options.inputs {
            target.still_works()?;
            counts.probes += 1;
            if said.elapsed().as_secs() >= SAY_SECONDS {
                said = Instant::now();
                eprintln!("seed {}: {i} of {} inputs, {} found", options.seed, options.inputs, counts.found);
            }
        }
    }
    watched.since.store(0, Relaxed);
    let seconds = start.elapsed().as_secs_f64();
    println!("{} inputs in {seconds:.1} s, {:.0} a second", options.inputs, options.inputs as f64 / seconds);
    if Coverage::is_on() {
        println!("coverage: {} of {} edges, {} inputs in the pool", coverage.reached, Coverage::edges(), generator.pool.len());
    }
    Ok(counts)
}

fn main() -> ExitCode {
    // The stack is as large as that of the wasm instance.
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(run);
    thread.ok().and_then(|it| it.join().ok()).unwrap_or(ExitCode::FAILURE)
}

fn run() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: fuzz [--inputs N] [--seed S] [--corpus FOLDER] [--findings FOLDER] [--trace FILE] [--write-corpus]");
        return ExitCode::from(2);
    };
    if !random::is_seeded() {
        eprintln!("built without --cfg getrandom_backend=\"custom\": run it by fuzz.mjs");
        return ExitCode::from(2);
    }
    let scene = scene::scene();
    if let Err(error) = insider_is_able(&scene) {
        println!("{error}");
        return ExitCode::FAILURE;
    }
    if options.write {
        return match corpus::write(&options.corpus, &scene) {
            Ok(n) => {
                println!("{n} files written");
                ExitCode::SUCCESS
            }
            Err(error) => {
                println!("{error}");
                ExitCode::FAILURE
            }
        };
    }
    let done = corpus::read(&options.corpus, &scene).and_then(|seeds| {
        println!("seed {}, {} files in the corpus", options.seed, seeds.len());
        fuzz(&options, &scene, seeds)
    });
    match done {
        Ok(counts) if report(&counts) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

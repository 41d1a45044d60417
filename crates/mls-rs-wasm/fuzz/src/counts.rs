//! How many inputs got how far, and what came of them.

use crate::scene::Call;
use crate::target::{Report, Stage};
use std::collections::BTreeMap;

/// Percent of the inputs that must get past each stage.
const FLOOR: f64 = 20.0;

#[derive(Default)]
pub struct Counts {
    inputs: BTreeMap<Call, u64>,
    /// By call and stage: how many got past it.
    past: BTreeMap<(Call, u8), u64>,
    codes: BTreeMap<(Call, &'static str), u64>,
    pub found: u64,
    pub probes: u64,
}

impl Counts {
    pub fn add(&mut self, call: Call, report: &Report) {
        *self.inputs.entry(call).or_default() += 1;
        for stage in [Stage::Parsed, Stage::Mac, Stage::Signature] {
            *self.past.entry((call, stage as u8)).or_default() += u64::from(report.stage >= stage);
        }
        *self.codes.entry((call, report.code)).or_default() += 1;
    }

    /// Percent of the inputs of `calls` that got past `stage`.
    fn percent(&self, calls: &[Call], stage: Stage) -> f64 {
        let sum = |of: &dyn Fn(&Call) -> u64| calls.iter().map(of).sum::<u64>();
        let all = sum(&|call| self.inputs.get(call).copied().unwrap_or_default());
        let past = sum(&|call| self.past.get(&(*call, stage as u8)).copied().unwrap_or_default());
        100.0 * past as f64 / all.max(1) as f64
    }
}

pub fn report(counts: &Counts) -> bool {
    println!("{:8} {:>10} {:>8} {:>8} {:>10}", "", "inputs", "parsed", "MAC", "signature");
    let line = |name: &str, calls: &[Call], with_mac: &[Call]| {
        let inputs: u64 = calls.iter().map(|it| counts.inputs.get(it).copied().unwrap_or_default()).sum();
        let (parsed, signed) = (counts.percent(calls, Stage::Parsed), counts.percent(calls, Stage::Signature));
        let mac = counts.percent(with_mac, Stage::Mac);
        let shown = if with_mac.is_empty() { "-".to_owned() } else { format!("{mac:.1} %") };
        println!("{name:8} {inputs:>10} {parsed:>6.1} % {shown:>8} {signed:>8.1} %");
        [parsed, mac, signed]
    };
    for call in Call::ALL {
        let with_mac = matches!(call, Call::Process | Call::Welcome);
        line(call.name(), &[call], if with_mac { std::slice::from_ref(&call) } else { &[] });
    }
    let all = line("all", &Call::ALL, &[Call::Process, Call::Welcome]);
    for call in Call::ALL {
        let codes: Vec<_> =
            counts.codes.iter().filter(|((of, _), _)| *of == call).map(|((_, code), n)| format!("{code} {n}")).collect();
        println!("{}: {}", call.name(), codes.join(", "));
    }
    println!(
        "state compared after each call; the genuine commit and Welcome accepted {} times; found: {}",
        counts.probes, counts.found
    );
    let enough = all.iter().all(|it| *it >= FLOOR);
    if !enough {
        println!("less than {FLOOR} % got past a stage");
    }
    enough && counts.found == 0 && counts.probes > 0
}

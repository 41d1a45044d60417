//! Makes the JavaScript glue for the wasm module: `bindgen <in.wasm> <out dir>`. Same version as the `wasm-bindgen` in the lock file.

use std::{env, process::ExitCode};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [input, output] = args.as_slice() else {
        eprintln!("usage: bindgen <in.wasm> <out dir>");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).out_name("mls_rs_wasm").typescript(true).reset_state_function(true);
    bindgen.omit_default_module_path(true).remove_name_section(true).remove_producers_section(true);
    match bindgen.web(true).and_then(|b| b.generate(output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

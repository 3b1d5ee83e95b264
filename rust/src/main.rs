//! The adapter for conformance runs. conformance/zkcp.md.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let served = tokio::task::LocalSet::new().block_on(&runtime, zerok_sync::adapter::serve());
    // The task that reads standard input cannot be interrupted.
    runtime.shutdown_background();
    served.map_or_else(|error| fail(&error), |()| ExitCode::SUCCESS)
}

fn fail(error: &std::io::Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

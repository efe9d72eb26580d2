fn main() -> std::process::ExitCode {
    vaultls::server::serve()
}

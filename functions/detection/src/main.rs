#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    detection::run().await
}

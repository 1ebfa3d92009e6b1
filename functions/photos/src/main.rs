#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    photos::run().await
}

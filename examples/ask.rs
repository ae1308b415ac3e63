//! Asks a running server one question: `cargo run --example ask -- http://127.0.0.1:50051 ITEM [LOCATION]`.

use promised::rpc::proto::{
    Query, QuickCheckRequest, availability_service_client::AvailabilityServiceClient,
};
use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(item)) = (arguments.next(), arguments.next()) else {
        return Err("usage: ask URL ITEM [LOCATION]".into());
    };
    let location = arguments.next().unwrap_or_else(|| "PLANT".to_string());
    let query = Query { item, location, quantity: 1.0, ..Query::default() };
    let mut client = AvailabilityServiceClient::connect(url).await?;
    let request = QuickCheckRequest { queries: vec![query], ..QuickCheckRequest::default() };
    let answer = client.quick_check(request).await?.into_inner();
    println!("{answer:#?}");
    Ok(())
}

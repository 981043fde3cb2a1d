//! Whatever a webhook's body holds, it causes a ping about a flow of the caller's or nothing.
#![no_main]

use flowseal::api::{ApiConfig, ApiVersion, Credentials, Environment, Webhook, WebhookStore};
use flowseal::UnixTime;
use libfuzzer_sys::fuzz_target;

struct Store;

impl WebhookStore for Store {
    fn flow_of(&self, reference: &str) -> Option<String> {
        (reference.len() % 2 == 0).then(|| "req_1".to_owned())
    }

    fn remember(&mut self, _key: &str, _until: UnixTime) -> bool {
        true
    }
}

fuzz_target!(|body: &[u8]| {
    let Ok(webhook) = Webhook::from_json(body) else {
        return;
    };
    let credentials = Credentials {
        api_key: "bk-test_".into(),
        app_secret: "snb_".into(),
    };
    let config = ApiConfig::new(ApiVersion::V2, Environment::Sandbox, credentials);
    let now = UnixTime::from_seconds(1_716_820_122);
    if let (Ok(config), Ok(now)) = (config, now)
        && let Ok(ping) = webhook.confirm(&config, None, &mut Store, now)
    {
        assert_eq!(ping.body(), Some(r#"{"request":"req_1"}"#));
    }
});

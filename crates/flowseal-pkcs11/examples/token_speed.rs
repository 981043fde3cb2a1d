//! What this crate adds to a token: keys that compute through it, beside a bare loop over
//! `cryptoki` with the same key, in turns. `cargo run --release -p flowseal-pkcs11 --example
//! token_speed -- MODULE PIN-FILE URI [INITIALISATION]`, in the environment that the module needs.
//!
//! For 1, 2 and 4 sessions: operations a second of either, and the ratio. The loop uses the key as
//! it stands in the token, and asks for the length first, as `Session::decrypt` does.

#![expect(clippy::print_stdout, reason = "an example speaks to a terminal")]

use std::ffi::CString;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use flowseal::{KeyHolder, RawOperation, SecretText};
use flowseal_pkcs11::{TokenOptions, Uri};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How long each of them runs in a turn, and how many turns there are.
const TURN: Duration = Duration::from_millis(700);
const TURNS: usize = 5;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || {
        arguments
            .next()
            .ok_or("MODULE PIN-FILE URI [INITIALISATION]")
    };
    let (module, pin_file, uri) = (next()?, next()?, next()?);
    let text = arguments.next();
    let pin = std::fs::read_to_string(pin_file)?;
    let pin = pin.lines().next().unwrap_or_default().to_owned();
    let uri: Uri = uri.parse()?;

    let mut options = TokenOptions::new()
        .with_module(&module)
        .with_pin(SecretText::copied_from(&pin));
    if let Some(text) = text.as_deref().map(CString::new).transpose()? {
        options = options.with_initialisation(text.to_str()?);
    }
    for sessions in [1, 2, 4] {
        let options = options.clone().with_sessions(sessions);
        // It has initialised the module and logged in, for the bare loop as well, except through
        // p11-kit, where every list of functions is a module of its own.
        let (holder, public) = options.load_holder(&uri)?;
        let bare = Bare::find(&module, &uri, &pin)?;
        let mut ciphertext = vec![0x5a; public.modulus().len()];
        ciphertext[0] = 0;

        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            ours.push(through(&holder, &public, &ciphertext, sessions)?);
            theirs.push(bare.rate(&ciphertext, sessions));
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!(
            "{sessions} sessions: {ours:7.0}/s, bare {theirs:7.0}/s, ratio {:.3}",
            ours / theirs
        );
    }
    Ok(())
}

/// Operations a second, in batches of nine for each session, as flows of nine claims have them.
fn through(
    holder: &Arc<dyn KeyHolder>,
    public: &flowseal::VerifyingKey,
    ciphertext: &[u8],
    sessions: usize,
) -> Result<f64> {
    let batch: Vec<_> = (0..9 * sessions as u64)
        .map(|id| RawOperation::new(id, public.fingerprint(), ciphertext))
        .collect();
    let mut results = vec![0; batch.len() * ciphertext.len()];
    let (mut count, start) = (0, Instant::now());
    while start.elapsed() < TURN {
        holder.raw_private(&batch, &mut results)?;
        count += batch.len();
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

/// The same key without this crate.
struct Bare {
    pkcs11: Pkcs11,
    slot: Slot,
    key: ObjectHandle,
    _session: Session,
}

impl Bare {
    fn find(module: &str, uri: &Uri, pin: &str) -> Result<Self> {
        let pkcs11 = Pkcs11::new(module)?;
        let _ = pkcs11.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
        for slot in pkcs11.get_slots_with_initialized_token()? {
            let session = pkcs11.open_ro_session(slot)?;
            if pkcs11.get_token_info(slot)?.label() == uri.token().unwrap_or_default() {
                let _ = session.login(UserType::User, Some(&AuthPin::new(pin.into())));
            }
            let mut template = vec![Attribute::Class(ObjectClass::PRIVATE_KEY)];
            template.extend(uri.object().map(|label| Attribute::Label(label.into())));
            if let [key] = session.find_objects(&template)?[..] {
                return Ok(Self {
                    pkcs11,
                    slot,
                    key,
                    _session: session,
                });
            }
        }
        Err("the bare loop does not find the key".into())
    }

    fn rate(&self, ciphertext: &[u8], sessions: usize) -> f64 {
        let start = Instant::now();
        let (pkcs11, slot, key) = (&self.pkcs11, self.slot, self.key);
        let count: usize = std::thread::scope(|scope| {
            let one = move || {
                let Ok(session) = pkcs11.open_ro_session(slot) else {
                    return 0;
                };
                let mut count = 0;
                while start.elapsed() < TURN {
                    let result = session.decrypt(&Mechanism::RsaX509, key, ciphertext);
                    count += usize::from(result.is_ok());
                }
                count
            };
            let threads: Vec<_> = (0..sessions).map(|_| scope.spawn(one)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_default())
                .sum()
        });
        count as f64 / start.elapsed().as_secs_f64()
    }
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

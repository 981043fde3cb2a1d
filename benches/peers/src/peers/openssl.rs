//! The system's libcrypto, opened at run time and called in this process, in turns with the others.
//! `openssl speed` would measure at another moment, by another clock, and without the padding.
#![allow(
    unsafe_code,
    reason = "a C library is called; each call has its proof beside it"
)]

use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::ptr;

use libloading::{Library as Shared, Symbol};

use super::{decryptions, signatures};
use crate::cases::Case;
use crate::material::Material;
use crate::measure::{Job, timed};
use crate::run::Fallible;

const RSA: c_int = 6; // EVP_PKEY_RSA
const PKCS1: c_int = 1; // RSA_PKCS1_PADDING

type Bytes = *const u8;
type Key = *mut c_void;
type Context = *mut c_void;

/// The functions, as openssl/evp.h and openssl/x509.h of OpenSSL 3 declare them.
pub(super) struct Library {
    pub(super) version: String,
    d2i_private: unsafe extern "C" fn(*mut Key, *mut Bytes, c_long) -> Key,
    d2i_public: unsafe extern "C" fn(c_int, *mut Key, *mut Bytes, c_long) -> Key,
    pkey_free: unsafe extern "C" fn(Key),
    context_new: unsafe extern "C" fn(Key, *mut c_void) -> Context,
    context_free: unsafe extern "C" fn(Context),
    decrypt_init: unsafe extern "C" fn(Context) -> c_int,
    set_padding: unsafe extern "C" fn(Context, c_int) -> c_int,
    decrypt: unsafe extern "C" fn(Context, *mut u8, *mut usize, Bytes, usize) -> c_int,
    sha256: unsafe extern "C" fn() -> *const c_void,
    md_new: unsafe extern "C" fn() -> Context,
    md_free: unsafe extern "C" fn(Context),
    verify_init:
        unsafe extern "C" fn(Context, *mut Context, *const c_void, *mut c_void, Key) -> c_int,
    verify: unsafe extern "C" fn(Context, Bytes, usize, Bytes, usize) -> c_int,
    /// Keeps the functions where they are.
    _shared: Shared,
}

impl Library {
    pub(super) fn open() -> Fallible<Self> {
        // SAFETY: The library's initialisers are OpenSSL's own, which require nothing of their
        // callers.
        let shared = unsafe { Shared::new("libcrypto.so.3") }?;
        macro_rules! function {
            ($name:literal) => {{
                // SAFETY: The type is that of the field, which is the header's; the library lives
                // as long as the pointer that is taken from the symbol, in the same struct.
                let symbol: Symbol<'_, _> = unsafe { shared.get($name) }?;
                *symbol
            }};
        }
        let version: unsafe extern "C" fn(c_int) -> *const c_char = function!(b"OpenSSL_version\0");
        // SAFETY: 0 is OPENSSL_VERSION; the function returns a static string for any argument.
        let version = unsafe { CStr::from_ptr(version(0)) };
        let words: Vec<_> = version.to_str()?.split(' ').take(2).collect();
        Ok(Self {
            version: words.join(" "),
            d2i_private: function!(b"d2i_AutoPrivateKey\0"),
            d2i_public: function!(b"d2i_PublicKey\0"),
            pkey_free: function!(b"EVP_PKEY_free\0"),
            context_new: function!(b"EVP_PKEY_CTX_new\0"),
            context_free: function!(b"EVP_PKEY_CTX_free\0"),
            decrypt_init: function!(b"EVP_PKEY_decrypt_init\0"),
            set_padding: function!(b"EVP_PKEY_CTX_set_rsa_padding\0"),
            decrypt: function!(b"EVP_PKEY_decrypt\0"),
            sha256: function!(b"EVP_sha256\0"),
            md_new: function!(b"EVP_MD_CTX_new\0"),
            md_free: function!(b"EVP_MD_CTX_free\0"),
            verify_init: function!(b"EVP_DigestVerifyInit\0"),
            verify: function!(b"EVP_DigestVerify\0"),
            _shared: shared,
        })
    }

    pub(super) fn job<'a>(&'a self, case: &Case, material: &'a Material) -> Fallible<Job<'a>> {
        let (threads, leaves) = (case.threads, decryptions(case));
        let private = self.private_key(&material.pkcs8)?;
        // A context is of one thread.
        let contexts: Vec<_> = (0..threads)
            .map(|_| self.decryption(&private))
            .collect::<Result<_, _>>()?;
        let signed = signatures(case, material);
        let mut keys = Vec::new();
        for signed in signed {
            keys.push(self.public_key(&signed.public_key)?);
        }

        let verifies = move |i: usize| {
            let Some(at) = i.checked_rem(signed.len()) else {
                return true;
            };
            self.verifies(&keys[at], &signed[at].message, &signed[at].signature)
        };
        let decrypts = move |thread: usize, leaf: usize| {
            let _ = &private;
            let at = leaf % material.sealed.len();
            contexts[thread].decrypts(&material.sealed[at], &material.texts[at])
        };
        Ok(Job {
            peer: "openssl".to_owned(),
            run: Box::new(move |count| {
                timed(threads, count, |thread, i| {
                    let decrypts = |leaf| decrypts(thread, i * leaves + leaf);
                    verifies(i) && (0..leaves).all(decrypts)
                })
            }),
            together: false,
        })
    }

    fn private_key(&self, der: &[u8]) -> Fallible<OwnedKey<'_>> {
        let mut at = der.as_ptr();
        // SAFETY: `at` points to as many bytes as the length says, which are read; with a null
        // first argument the key is new, and the caller's.
        let key = unsafe {
            (self.d2i_private)(ptr::null_mut(), &raw mut at, c_long::try_from(der.len())?)
        };
        self.owned(key)
    }

    fn public_key(&self, der: &[u8]) -> Fallible<OwnedKey<'_>> {
        let mut at = der.as_ptr();
        // SAFETY: As above.
        let key = unsafe {
            (self.d2i_public)(
                RSA,
                ptr::null_mut(),
                &raw mut at,
                c_long::try_from(der.len())?,
            )
        };
        self.owned(key)
    }

    fn owned(&self, key: Key) -> Fallible<OwnedKey<'_>> {
        if key.is_null() {
            return Err("OpenSSL does not read a key".into());
        }
        Ok(OwnedKey { key, library: self })
    }

    fn decryption(&self, key: &OwnedKey<'_>) -> Fallible<Decryption<'_>> {
        // SAFETY: The key is valid; the context takes a reference of its own to it. Every function
        // bears a null or a failed context, and tells by its result.
        let (context, done) = unsafe {
            let context = (self.context_new)(key.key, ptr::null_mut());
            let done = (self.decrypt_init)(context) == 1 && (self.set_padding)(context, PKCS1) == 1;
            (context, done)
        };
        let decryption = Decryption {
            context,
            library: self,
        };
        if done {
            Ok(decryption)
        } else {
            Err("OpenSSL does not decrypt".into())
        }
    }

    fn verifies(&self, key: &OwnedKey<'_>, message: &[u8], signature: &[u8]) -> bool {
        // SAFETY: The key is valid and outlives the context, which is made, used and freed here;
        // the functions bear a null context. Pointers and lengths are those of slices, which are
        // read.
        unsafe {
            let context = (self.md_new)();
            let none: *mut c_void = ptr::null_mut();
            let valid = (self.verify_init)(context, none.cast(), (self.sha256)(), none, key.key)
                == 1
                && (self.verify)(
                    context,
                    signature.as_ptr(),
                    signature.len(),
                    message.as_ptr(),
                    message.len(),
                ) == 1;
            (self.md_free)(context);
            valid
        }
    }
}

struct OwnedKey<'a> {
    key: Key,
    library: &'a Library,
}

// SAFETY: OpenSSL's keys count their references with atomics, and lock what they cache.
unsafe impl Sync for OwnedKey<'_> {}

impl Drop for OwnedKey<'_> {
    fn drop(&mut self) {
        // SAFETY: The key is this owner's, and not used again.
        unsafe { (self.library.pkey_free)(self.key) }
    }
}

struct Decryption<'a> {
    context: Context,
    library: &'a Library,
}

// SAFETY: A context bears one caller at a time. Each thread of `timed` uses the context of its own
// number, and the threads end before the next call.
unsafe impl Sync for Decryption<'_> {}

impl Decryption<'_> {
    fn decrypts(&self, sealed: &[u8], text: &[u8]) -> bool {
        let mut out = [0; 512];
        let mut len = out.len();
        // SAFETY: The context is valid; the output has the length that is said beside it, and the
        // input too.
        let done = unsafe {
            (self.library.decrypt)(
                self.context,
                out.as_mut_ptr(),
                &raw mut len,
                sealed.as_ptr(),
                sealed.len(),
            )
        };
        done == 1 && out.get(..len) == Some(text)
    }
}

impl Drop for Decryption<'_> {
    fn drop(&mut self) {
        // SAFETY: The context is this owner's, and not used again.
        unsafe { (self.library.context_free)(self.context) }
    }
}

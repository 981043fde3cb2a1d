//! Intel's crypto_mb, as it is released on PyPI: eight raw operations at once, nothing around them.
//! Opened at run time, as a peer only.
#![allow(
    unsafe_code,
    reason = "a C library is called; each call has its proof beside it"
)]

use std::ffi::{c_int, c_void};
use std::path::Path;
use std::time::Instant;

use libloading::{Library as Shared, Symbol};
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};

use super::flowseal::encoded;
use crate::cases::{Case, Operation};
use crate::material::{Material, Signed, limbs};
use crate::measure::Job;
use crate::run::Fallible;

const LANES: usize = 8;

/// In and out, eight pointers each: numbers as octets, the highest first.
type In = *const *const u8;
type Out = *const *mut u8;
/// Eight pointers to 64-bit limbs, the lowest first.
type Limbs = *const *const u64;
/// A null method is the one for the size that is given; a null buffer is the library's to allocate.
type Method = *const c_void;

type Private =
    unsafe extern "C" fn(In, Out, Limbs, Limbs, Limbs, Limbs, Limbs, c_int, Method, *mut u8) -> u32;
type Public = unsafe extern "C" fn(In, Out, Limbs, c_int, Method, *mut u8) -> u32;

/// The functions, as crypto_mb/rsa.h and crypto_mb/cpu_features.h of version 2026.2 declare them.
pub(super) struct Library {
    private: Private,
    public: Public,
    private_method: unsafe extern "C" fn(c_int) -> Method,
    public_method: unsafe extern "C" fn(c_int) -> Method,
    buffer_size: unsafe extern "C" fn(Method) -> c_int,
    /// Keeps the functions where they are.
    _shared: Shared,
}

impl Library {
    /// Opens the library, and refuses a processor that it does not compute on.
    pub(super) fn open() -> Fallible<Self> {
        let directory =
            std::env::var_os("FLOWSEAL_PEERS_INTEL").ok_or("was not installed for this run")?;
        let directory = Path::new(&directory);
        // SAFETY: The initialisers are those of Intel's libraries, which require nothing of their
        // callers.
        let shared = unsafe { Shared::new(directory.join("libcrypto_mb.so.13")) }?;
        macro_rules! function {
            ($name:literal) => {{
                // SAFETY: The type is that of the field, which is the header's; the library lives
                // as long as the pointer that is taken from the symbol, in the same struct.
                let symbol: Symbol<'_, _> = unsafe { shared.get($name) }?;
                *symbol
            }};
        }
        let is_applicable: unsafe extern "C" fn(u64) -> c_int =
            function!(b"mbx_is_crypto_mb_applicable\0");
        let library = Self {
            private: function!(b"mbx_rsa_private_crt_mb8\0"),
            public: function!(b"mbx_rsa_public_mb8\0"),
            private_method: function!(b"mbx_RSA_private_crt_Method\0"),
            public_method: function!(b"mbx_RSA_pub65537_Method\0"),
            buffer_size: function!(b"mbx_RSA_Method_BufSize\0"),
            _shared: shared,
        };
        library.check_refusal()?;
        // SAFETY: The function takes a number; with 0 it asks the processor.
        if unsafe { is_applicable(0) } == 0 {
            return Err("the library is there, but computes on processors with AVX-512 IFMA only, which this one lacks".into());
        }
        Ok(library)
    }

    /// Null pointers must be refused for each lane: `MBX_STATUS_NULL_PARAM_ERR`, four bits a lane.
    /// That shows, on any processor, that the functions are what they are taken for.
    fn check_refusal(&self) -> Fallible<()> {
        // SAFETY: The function checks its pointers before it follows them.
        let status = unsafe {
            let none = std::ptr::null();
            (self.public)(
                none,
                none.cast(),
                none.cast(),
                2048,
                none.cast(),
                std::ptr::null_mut(),
            )
        };
        match status {
            0x2222_2222 => Ok(()),
            status => {
                Err(format!("null pointers were answered with the status {status:#x}").into())
            }
        }
    }

    /// Nothing for an operation that is more than a raw one, or for less than eight of them.
    pub(super) fn job<'a>(
        &'a self,
        case: &Case,
        material: &'a Material,
    ) -> Fallible<Option<Job<'a>>> {
        if case.threads > 1 || !case.batch.is_multiple_of(LANES) {
            return Ok(None);
        }
        let run: Box<dyn FnMut(usize) -> _> = match case.operation {
            Operation::PrivateRaw => Box::new(self.private(material)?),
            Operation::Verify => Box::new(self.verify(&material.signed, material.bits)?),
            _ => return Ok(None),
        };
        Ok(Some(Job {
            peer: "crypto_mb".to_owned(),
            run,
            together: true,
        }))
    }

    fn private<'a>(
        &'a self,
        material: &'a Material,
    ) -> Fallible<impl FnMut(usize) -> Fallible<std::time::Duration> + 'a> {
        let (bits, key) = (c_int::try_from(material.bits)?, &material.private);
        let [p, q] = key.primes() else {
            return Err("a key with more than two primes".into());
        };
        let one = || rsa::BigUint::from(1_u8);
        let inverse = key.crt_coefficient().ok_or("no inverse of q")?;
        let numbers = [
            p.clone(),
            q.clone(),
            key.d() % (p - one()),
            key.d() % (q - one()),
            inverse,
        ]
        .map(|number| limbs(&number, material.bits / 2));
        // SAFETY: The method of a size that the library has; null for others, which is refused
        // below.
        let method = unsafe { (self.private_method)(bits) };
        let mut buffer = self.buffer(method)?;
        Ok(move |count: usize| {
            let mut outputs = vec![vec![0; material.bits / 8]; count];
            let start = Instant::now();
            for (inputs, outputs) in material.sealed.chunks(LANES).zip(outputs.chunks_mut(LANES)) {
                let inputs: [_; LANES] = std::array::from_fn(|lane| inputs[lane].as_ptr());
                let outputs: [_; LANES] = std::array::from_fn(|lane| outputs[lane].as_mut_ptr());
                let [p, q, dp, dq, inverse] =
                    numbers.each_ref().map(|limbs| [limbs.as_ptr(); LANES]);
                // SAFETY: Each array has eight pointers: to inputs and outputs of the modulus's
                // length, to numbers of half its limbs. The buffer has the size that the method
                // asks for. All outlive the call, and the outputs are different ones.
                let status = unsafe {
                    (self.private)(
                        inputs.as_ptr(),
                        outputs.as_ptr(),
                        p.as_ptr(),
                        q.as_ptr(),
                        dp.as_ptr(),
                        dq.as_ptr(),
                        inverse.as_ptr(),
                        bits,
                        method,
                        buffer.as_mut_ptr(),
                    )
                };
                check(status)?;
            }
            let took = start.elapsed();
            if outputs
                .iter()
                .zip(&material.texts)
                .all(|(output, text)| output.ends_with(text))
            {
                Ok(took)
            } else {
                Err("crypto_mb gave a wrong answer".into())
            }
        })
    }

    /// With the hash and the comparison that are around the engine of flowseal, too.
    fn verify<'a>(
        &'a self,
        signed: &'a [Signed],
        key_bits: usize,
    ) -> Fallible<impl FnMut(usize) -> Fallible<std::time::Duration> + 'a> {
        let mut moduli = Vec::new();
        for signed in signed {
            let key = rsa::RsaPublicKey::from_pkcs1_der(&signed.public_key)?;
            moduli.push(limbs(key.n(), key_bits));
        }
        let bits = c_int::try_from(key_bits)?;
        // SAFETY: As above.
        let method = unsafe { (self.public_method)(bits) };
        let mut buffer = self.buffer(method)?;
        Ok(move |count: usize| {
            let start = Instant::now();
            let mut outputs = vec![vec![0; key_bits / 8]; count];
            let batches = signed.chunks(LANES).zip(moduli.chunks(LANES));
            for ((signed, moduli), outputs) in batches.zip(outputs.chunks_mut(LANES)) {
                let inputs: [_; LANES] =
                    std::array::from_fn(|lane| signed[lane].signature.as_ptr());
                let to: [_; LANES] = std::array::from_fn(|lane| outputs[lane].as_mut_ptr());
                let moduli: [_; LANES] = std::array::from_fn(|lane| moduli[lane].as_ptr());
                // SAFETY: As above, with moduli of all limbs.
                let status = unsafe {
                    (self.public)(
                        inputs.as_ptr(),
                        to.as_ptr(),
                        moduli.as_ptr(),
                        bits,
                        method,
                        buffer.as_mut_ptr(),
                    )
                };
                check(status)?;
            }
            let valid = |(output, signed): (&Vec<u8>, &Signed)| {
                *output == encoded(&signed.message, key_bits / 8)
            };
            let right = outputs.iter().zip(signed).all(valid);
            let took = start.elapsed();
            if right {
                Ok(took)
            } else {
                Err("crypto_mb refused a signature".into())
            }
        })
    }

    /// The working memory of a method, aligned by the library itself.
    fn buffer(&self, method: Method) -> Fallible<Vec<u8>> {
        if method.is_null() {
            return Err("crypto_mb has no method for keys of this size".into());
        }
        // SAFETY: The method is one of the library's own.
        let size = unsafe { (self.buffer_size)(method) };
        Ok(vec![0; usize::try_from(size)?])
    }
}

/// Every lane must be `MBX_STATUS_OK`.
fn check(status: u32) -> Fallible<()> {
    if status == 0 {
        Ok(())
    } else {
        Err(format!("crypto_mb answered with the status {status:#x}").into())
    }
}

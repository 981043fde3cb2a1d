//! The way of a private operation that somebody else computes: blinded before it leaves, checked
//! and unblinded when it is back.

use core::fmt;
use std::collections::BTreeMap;
use std::ptr;

use super::Entry;
use super::blinding::{DRAWS, random};
use crate::arithmetic::limbs;
use crate::ct::declassify;
use crate::error::OperationError;
use crate::job::Raise;
use crate::key::PublicKey;
use crate::units::Unit;
use crate::workspace::{Workspace, wipe_stack};

/// What a private operation that somebody else computes is made of.
#[derive(Clone, Copy)]
pub struct RemoteInput<'a> {
    /// The public half of the key to apply.
    pub key: &'a PublicKey,
    /// A big-endian number of exactly [`PublicKey::size`] bytes, from 2 to n − 2: a ciphertext.
    pub input: &'a [u8],
    /// Whether whoever computes may see it.
    pub blinding: Blinding,
}

/// What is done to an input before it goes to whoever computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blinding {
    /// It is multiplied by rᵉ, for an r of its own: uniform from 1 to n − 1, and never made of
    /// another's. Whoever computes sees a uniform number and its result.
    Own,
    /// Nothing: whoever computes sees input and result.
    None,
}

/// A private operation on its way to whoever holds the key. Wiped when dropped.
///
/// ```
/// use flowseal_rsa::{Blinding, Engine, OperationError, PublicKey, RemoteAnswer, RemoteInput};
///
/// let key = PublicKey::new(&[0xff; 128], &[3])?;
/// let input = [7; 128];
/// let batch = [RemoteInput { key: &key, input: &input, blinding: Blinding::Own }];
/// let operation = Engine::new().blind(&batch).remove(0)?;
/// assert_ne!(operation.ciphertext(), input);
///
/// let (answer, mut output) = ([9; 128], [0; 128]); // Not the result of anything.
/// let mut batch = [RemoteAnswer { operation: &operation, answer: &answer, output: &mut output }];
/// assert_eq!(Engine::new().unblind(&mut batch), [Err(OperationError::Fault)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RemoteOperation {
    key: PublicKey,
    /// c' = c · rᵉ mod n, or c.
    sent: Box<[u8]>,
    /// R / r modulo n, canonical: nothing where there is no blinding.
    inverse: Option<Workspace>,
}

impl RemoteOperation {
    /// What is to be raised to the private exponent: a big-endian number of [`PublicKey::size`]
    /// bytes.
    #[must_use]
    pub fn ciphertext(&self) -> &[u8] {
        &self.sent
    }

    /// The public half of the key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// Shows the key alone.
impl fmt::Debug for RemoteOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteOperation")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// An operation that is back.
pub struct RemoteAnswer<'a> {
    /// What was asked.
    pub operation: &'a RemoteOperation,
    /// What was answered: of exactly [`PublicKey::size`] bytes, and otherwise whatever it is.
    pub answer: &'a [u8],
    /// Where the result goes, of the same length. It is written on success only, and holds zeros
    /// after an error. It is secret: wiping it is the caller's task.
    pub output: &'a mut [u8],
}

/// Shows the key alone.
impl fmt::Debug for RemoteAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteAnswer")
            .field("key", self.operation.key())
            .finish_non_exhaustive()
    }
}

/// An operation that is being readied.
pub(crate) struct Draft<'a> {
    key: &'a PublicKey,
    /// c.
    number: Workspace,
    /// Nothing where there is no blinding.
    drawn: Option<Drawn>,
}

/// A number that was drawn for one operation.
struct Drawn {
    /// r, and then c' = c · rᵉ mod n; both canonical.
    number: Workspace,
    /// R / r, canonical.
    inverse: Workspace,
}

/// Reads the inputs, and draws a number for each that wants one.
pub(crate) fn drafts<'a>(batch: &[RemoteInput<'a>]) -> Vec<Result<Draft<'a>, OperationError>> {
    let mut drafts: Vec<_> = batch.iter().map(Draft::read).collect();
    let mut by_key = BTreeMap::<_, Vec<&mut Result<Draft<'_>, OperationError>>>::new();
    for (draft, input) in drafts.iter_mut().zip(batch) {
        if draft.is_ok() && input.blinding == Blinding::Own {
            let of_key = by_key.entry(ptr::from_ref(input.key.montgomery()));
            of_key.or_default().push(draft);
        }
    }
    for mut of_key in by_key.into_values() {
        for chunk in of_key.chunks_mut(AT_ONCE) {
            draw_for(chunk);
        }
    }
    drafts
}

/// So many numbers are inverted together. One inversion takes as long as some 30 products, and each
/// number three, so that more of them would save little.
const AT_ONCE: usize = 64;

fn draw_for(drafts: &mut [&mut Result<Draft<'_>, OperationError>]) {
    let Some(key) = drafts
        .iter()
        .find_map(|draft| Some(draft.as_ref().ok()?.key))
    else {
        return;
    };
    match draw(key, drafts.len()) {
        Ok(drawn) => {
            for (draft, drawn) in drafts.iter_mut().zip(drawn) {
                if let Ok(draft) = draft {
                    draft.drawn = Some(drawn);
                }
            }
        }
        Err(error) => drafts.iter_mut().for_each(|draft| **draft = Err(error)),
    }
}

/// Draws so many numbers, each by itself, and inverts them.
fn draw(key: &PublicKey, count: usize) -> Result<Vec<Drawn>, OperationError> {
    // Of a key's numbers all but a negligible part have inverses. Of a modulus with small factors
    // many have none, and a batch of them is divided until it has.
    let tries = if count == 1 { DRAWS } else { 1 };
    for _ in 0..tries {
        let numbers = (0..count).map(|_| random(key));
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        if let Some(inverses) = inverses(key, &numbers, &random(key)?) {
            let drawn = numbers.into_iter().zip(inverses);
            let drawn = drawn.map(|(number, inverse)| Drawn { number, inverse });
            return Ok(drawn.collect());
        }
    }
    if count < 2 {
        return Err(OperationError::NoRandomness);
    }
    let mut drawn = draw(key, count / 2)?;
    drawn.extend(draw(key, count - count / 2)?);
    Ok(drawn)
}

/// R / r of each of these numbers, which are canonical, by a single inversion (Montgomery's trick);
/// nothing if one of them has none.
///
/// The inversion takes a time that depends on its argument. That argument is the product of all
/// numbers and of another random s, uniform whatever the numbers are: so the time says nothing
/// about them. That it has an inverse says that they have, as all but a negligible part do.
fn inverses(key: &PublicKey, numbers: &[Workspace], s: &[u64]) -> Option<Vec<Workspace>> {
    let n = key.montgomery();
    let mut wide = Workspace::zeroed(2 * n.len());
    // Pᵢ = r₀ · … · rᵢ / Rⁱ.
    let mut products: Vec<Workspace> = Vec::with_capacity(numbers.len());
    for number in numbers {
        let mut product = limbs::copied(number, n.len());
        if let Some(before) = products.last() {
            n.multiply_canonical(&mut product, before, &mut wide);
        }
        products.push(product);
    }

    let mut inverse = products.pop()?;
    n.multiply_canonical(&mut inverse, s, &mut wide); // P·s / R
    declassify(&mut inverse);
    n.invert_vartime(&mut inverse).then_some(())?; // R / (P·s)
    n.multiply_canonical(&mut inverse, s, &mut wide); // 1 / P
    n.multiply_canonical(&mut inverse, n.r_squared(), &mut wide); // R / P

    let mut inverses = Vec::with_capacity(numbers.len());
    for number in numbers.iter().rev() {
        let Some(before) = products.pop() else {
            break;
        };
        let mut own = limbs::copied(&inverse, n.len());
        n.multiply_canonical(&mut own, &before, &mut wide); // (R / Pᵢ) · Pᵢ₋₁ / R = R / rᵢ
        n.multiply_canonical(&mut inverse, number, &mut wide); // (R / Pᵢ) · rᵢ / R = R / Pᵢ₋₁
        inverses.push(own);
    }
    // P₀ is r₀.
    inverses.push(inverse);
    inverses.reverse();
    Some(inverses)
}

impl<'a> Draft<'a> {
    /// Reads an input. Inputs are public, and so is what they are refused for.
    fn read(input: &RemoteInput<'a>) -> Result<Self, OperationError> {
        Ok(Self {
            key: input.key,
            number: super::private::read_input(input.key, input.input)?,
            drawn: None,
        })
    }

    pub(crate) fn key(&self) -> &'a PublicKey {
        self.key
    }

    /// The operation, once it is blinded.
    pub(crate) fn ready(self) -> RemoteOperation {
        let mut sent = vec![0; self.key.size()].into_boxed_slice();
        let blinded = self.drawn.as_ref().map(|drawn| &drawn.number);
        limbs::write(&mut sent, blinded.unwrap_or(&self.number));
        RemoteOperation {
            key: self.key.clone(),
            sent,
            inverse: self.drawn.map(|drawn| drawn.inverse),
        }
    }
}

/// Blinds the inputs, all at once, by this unit: c' = c · rᵉ mod n.
pub(crate) fn blind(unit: Unit, mut entries: Vec<Entry<'_, &mut Draft<'_>>>) {
    let drawn = entries.iter_mut().filter_map(|entry| {
        let draft = &mut **entry.operation;
        Some(Raise {
            key: draft.key,
            number: &mut draft.drawn.as_mut()?.number,
            times: Some(&draft.number),
        })
    });
    let mut raises: Vec<_> = drawn.collect();
    if !raises.is_empty() {
        unit.raise(&mut raises);
    }
    for Entry { operation, result } in entries {
        if let Some(drawn) = &mut operation.drawn {
            // Whoever computes sees it, and it is uniform whatever was drawn.
            declassify(&mut drawn.number);
        }
        *result = Ok(());
    }
    wipe_stack();
}

/// Checks answers and unblinds them, all at once, by this unit: y < n and yᵉ mod n = c', and then
/// m = y · r⁻¹ mod n.
pub(crate) fn unblind(unit: Unit, entries: Vec<Entry<'_, RemoteAnswer<'_>>>) {
    let (mut answers, mut places) = (Vec::new(), Vec::new());
    for Entry { operation, result } in entries {
        match Answer::read(
            operation.operation,
            operation.answer,
            operation.output.len(),
        ) {
            Ok(answer) => {
                answers.push(answer);
                places.push((&mut operation.output, result));
            }
            Err(error) => *result = Err(error),
        }
    }
    let mut checks: Vec<_> = answers.iter_mut().map(Answer::check).collect();
    if !checks.is_empty() {
        unit.raise(&mut checks);
    }
    for (answer, (output, result)) in answers.into_iter().zip(places) {
        *result = answer.release(output);
    }
    wipe_stack();
}

/// An answer that may be wrong.
struct Answer<'a> {
    operation: &'a RemoteOperation,
    /// y.
    number: Workspace,
    /// y, and then yᵉ.
    check: Workspace,
}

impl<'a> Answer<'a> {
    /// Reads an answer. That it is not a number of the key's is not secret: the caller is told.
    fn read(
        operation: &'a RemoteOperation,
        answer: &[u8],
        output_len: usize,
    ) -> Result<Self, OperationError> {
        let size = operation.key.size();
        if answer.len() != size || output_len != size {
            return Err(OperationError::Length);
        }
        let n = operation.key.montgomery();
        let mut number = Workspace::zeroed(n.len());
        limbs::read(&mut number, answer);
        if !limbs::less(&number, n.limbs()).declassify() {
            return Err(OperationError::Fault);
        }
        Ok(Self {
            operation,
            check: limbs::copied(&number, n.len()),
            number,
        })
    }

    /// What is to be computed before [`release`](Self::release).
    fn check(&mut self) -> Raise<'_> {
        Raise {
            key: &self.operation.key,
            number: &mut self.check,
            times: None,
        }
    }

    /// Writes the result, without its blinding, if the public exponent has led the answer back to
    /// what was sent.
    fn release(mut self, output: &mut [u8]) -> Result<(), OperationError> {
        let n = self.operation.key.montgomery();
        let mut sent = Workspace::zeroed(n.len());
        limbs::read(&mut sent, &self.operation.sent);
        // Whether whoever computes was right is not secret: the caller is told.
        if !limbs::equal(&self.check, &sent).declassify() {
            return Err(OperationError::Fault);
        }
        if let Some(inverse) = &self.operation.inverse {
            let mut wide = Workspace::zeroed(2 * n.len());
            n.multiply_canonical(&mut self.number, inverse, &mut wide);
        }
        limbs::write(output, &self.number);
        Ok(())
    }
}

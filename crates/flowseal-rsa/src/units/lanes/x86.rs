//! Lanes in the vector registers of x86-64 processors: eight in 512 bits with AVX-512 IFMA, the
//! integer fused multiply-add, and four with AVX2.
//!
//! They differ in the names of the instructions and in what is multiplied, so that the rest is
//! written once.

#![allow(unsafe_code, reason = "instructions that not every processor has")]

use core::arch::x86_64::*;

use zeroize::Zeroize;

use super::choice::{ByBits, ByPermutation, Permute};
use super::{Across, Lanes, Multiply, MultiplyAdd, Task};
use crate::workspace::Secret;

macro_rules! lanes {
    (
        $(#[$docs:meta])*
        $name:ident in $module:ident: $width:literal lanes, $bytes:literal bytes, $vector:ident, $digit_bits:literal
        bits a digit, $by:ident, features: $features:literal = [$($feature:tt),*],
        $load:ident $store:ident $splat:ident $add:ident $and:ident $shift_right:ident $mask:ident $clear:ident $choose:ident
    ) => {
        $(#[$docs])*
        ///
        /// A value is the proof that this processor has the instructions and that the system keeps
        /// their registers. Every `unsafe` call of an intrinsic below relies on it.
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name(());

        impl $name {
            /// The only way to a value.
            pub(crate) fn detect() -> Option<Self> {
                ($(is_x86_feature_detected!($feature))&&*).then_some(Self(()))
            }
        }

        mod $module {
            /// The words in memory, aligned as the registers are loaded.
            #[derive(Clone, Default)]
            #[repr(C, align($bytes))]
            pub(crate) struct Row(pub(super) [u64; $width]);
        }

        /// Compiles a task, and all that is inlined into it, with the instructions.
        ///
        /// # Safety
        ///
        /// The processor has them.
        #[inline(never)]
        #[target_feature(enable = $features)]
        unsafe fn $module<T: Task<$name>>(lanes: $name, task: T) {
            task.run(lanes);
        }

        impl Lanes for $name {
            const WIDTH: usize = $width;
            const DIGIT_BITS: usize = $digit_bits;
            type Row = $module::Row;
            type Vector = $vector;
            type Mask = $mask;
            type Choice = $by<Self>;

            fn run<T: Task<Self>>(self, task: T) {
                // SAFETY: `self` is the proof of the features.
                unsafe { $module(self, task) }
            }

            #[inline(always)]
            fn load(self, row: &Self::Row) -> $vector {
                // SAFETY: a row has the size and the alignment of a register; `self` proves the
                // feature.
                unsafe { $load(row.0.as_ptr().cast()) }
            }

            #[inline(always)]
            fn store(self, row: &mut Self::Row, words: $vector) {
                // SAFETY: a row has the size and the alignment of a register, and is borrowed for
                // writing; `self` proves the feature.
                unsafe { $store(row.0.as_mut_ptr().cast(), words) }
            }

            #[inline(always)]
            fn splat(self, word: u64) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $splat(word.cast_signed()) }
            }

            #[inline(always)]
            fn add(self, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $add(a, b) }
            }

            #[inline(always)]
            fn digit(self, a: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $and(a, self.splat(Self::DIGIT_MASK)) }
            }

            #[inline(always)]
            fn carry(self, a: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $shift_right::<$digit_bits>(a) }
            }

            #[inline(always)]
            fn clear(self, a: $vector, index: u32) -> $mask {
                // SAFETY: `self` proves the feature.
                unsafe { $clear(a, self.splat(1 << index)) }
            }

            #[inline(always)]
            fn choose(self, mask: $mask, inside: $vector, outside: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $choose(outside, mask, inside) }
            }
        }

        impl AsRef<[u64]> for $module::Row {
            fn as_ref(&self) -> &[u64] {
                &self.0
            }
        }

        impl AsMut<[u64]> for $module::Row {
            fn as_mut(&mut self) -> &mut [u64] {
                &mut self.0
            }
        }

        impl Zeroize for $module::Row {
            fn zeroize(&mut self) {
                self.0.zeroize();
            }
        }

        impl Secret for $module::Row {
                    fn is_zero(&self) -> bool {
                self.0.iter().fold(0, |bits, word| bits | word) == 0
            }
        }
    };
}

lanes! {
    /// Eight lanes of AVX-512 IFMA.
    Ifma512 in ifma512: 8 lanes, 64 bytes, __m512i, 52
    bits a digit, ByPermutation, features: "avx512f,avx512ifma" = ["avx512f", "avx512ifma"],
    _mm512_load_si512 _mm512_store_si512 _mm512_set1_epi64 _mm512_add_epi64 _mm512_and_si512
    _mm512_srli_epi64 __mmask8 _mm512_testn_epi64_mask _mm512_mask_mov_epi64
}

lanes! {
    /// Four lanes of AVX2.
    Avx2 in avx2: 4 lanes, 32 bytes, __m256i, 26
    bits a digit, ByBits, features: "avx2" = ["avx2"],
    _mm256_load_si256 _mm256_store_si256 _mm256_set1_epi64x _mm256_add_epi64 _mm256_and_si256
    _mm256_srli_epi64 __m256i all_clear choose
}

/// AVX2 has no registers of masks, but vectors: of words whose bits are all set, or none.
///
/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn all_clear(a: __m256i, bits: __m256i) -> __m256i {
    // SAFETY: the caller's proof.
    unsafe { _mm256_cmpeq_epi64(_mm256_and_si256(a, bits), _mm256_setzero_si256()) }
}

/// # Safety
///
/// The processor has AVX2.
#[inline(always)]
unsafe fn choose(outside: __m256i, mask: __m256i, inside: __m256i) -> __m256i {
    // SAFETY: the caller's proof.
    unsafe { _mm256_blendv_epi8(outside, inside, mask) }
}

impl MultiplyAdd for Ifma512 {
    #[inline(always)]
    fn add_low(self, sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe { _mm512_madd52lo_epu64(sum, a, b) }
    }

    #[inline(always)]
    fn add_high(self, sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe { _mm512_madd52hi_epu64(sum, a, b) }
    }
}

impl Permute for Ifma512 {
    #[inline(always)]
    fn permute(self, numbers: __m512i, mask: __mmask8, [low, high]: [__m512i; 2]) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe { _mm512_mask2_permutex2var_epi64(low, numbers, mask, high) }
    }
}

impl Across for Ifma512 {
    const HAS_REGISTERS: bool = true;

    #[inline(always)]
    fn up(self, a: __m512i, lanes: usize) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe {
            let zero = _mm512_setzero_si512();
            match lanes {
                1 => _mm512_alignr_epi64::<7>(a, zero),
                2 => _mm512_alignr_epi64::<6>(a, zero),
                _ => _mm512_alignr_epi64::<4>(a, zero),
            }
        }
    }

    #[inline(always)]
    fn down(self, a: __m512i, lanes: usize) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe {
            let zero = _mm512_setzero_si512();
            match lanes {
                1 => _mm512_alignr_epi64::<1>(zero, a),
                _ => _mm512_alignr_epi64::<2>(zero, a),
            }
        }
    }

    #[inline(always)]
    fn lowest(self, a: __m512i, lanes: usize) -> __m512i {
        let mask = if lanes == 1 { 0b1 } else { 0b11 };
        // SAFETY: `self` proves the feature.
        unsafe { _mm512_maskz_mov_epi64(mask, a) }
    }

    #[inline(always)]
    fn repeat(self, a: __m512i, lanes: usize) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe {
            match lanes {
                1 => _mm512_broadcastq_epi64(_mm512_castsi512_si128(a)),
                _ => _mm512_shuffle_i64x2::<0>(a, a),
            }
        }
    }

    #[inline(always)]
    fn repeat_from(self, row: &ifma512::Row, at: usize, lanes: usize) -> __m512i {
        // SAFETY: `self` proves the feature. The remainder lies within the row, whose eight words
        // are aligned to 64 bytes, so that a pair of them is to 16.
        unsafe {
            let words = row.0.as_ptr();
            match lanes {
                1 => _mm512_set1_epi64((*words.add(at % 8)).cast_signed()),
                _ => _mm512_broadcast_i32x4(_mm_load_si128(words.add(2 * (at % 4)).cast())),
            }
        }
    }

    #[inline(always)]
    fn and(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves the feature.
        unsafe { _mm512_and_si512(a, b) }
    }

    #[inline(always)]
    fn or_and(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        /// The truth table of a | (b & c).
        const OR_AND: i32 = 0b1111_1000;
        // SAFETY: `self` proves the feature.
        unsafe { _mm512_ternarylogic_epi64::<OR_AND>(a, b, c) }
    }
}

impl Multiply for Avx2 {
    #[inline(always)]
    fn multiply(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves the feature.
        unsafe { _mm256_mul_epu32(a, b) }
    }
}

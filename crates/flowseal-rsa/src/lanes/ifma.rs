//! Lanes in the vector registers of a processor with AVX-512 IFMA, its integer fused multiply-add:
//! eight in 512 bits, four in 256.
//!
//! The two differ in the names of the instructions alone, so that they are written once.

#![allow(unsafe_code, reason = "instructions that not every processor has")]

use core::arch::x86_64::*;

use zeroize::Zeroize;

use super::{DIGIT_BITS, DIGIT_MASK, Lanes, Task};
use crate::workspace::Word;

/// Digits have the length that the instructions multiply.
const _: () = assert!(DIGIT_BITS == 52);

macro_rules! ifma_lanes {
    (
        $(#[$docs:meta])* $name:ident in $module:ident: $width:literal lanes, $bytes:literal bytes, $vector:ident,
        features: $features:literal = [$($feature:tt),*],
        $load:ident $store:ident $splat:ident $add:ident $and:ident $shift_right:ident
        $low:ident $high:ident $equal:ident $choose:ident
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
            type Row = $module::Row;
            type Vector = $vector;

            fn run<T: Task<Self>>(self, task: T) {
                // SAFETY: `self` is the proof of the features.
                unsafe { $module(self, task) }
            }

            #[inline(always)]
            fn load(self, row: &Self::Row) -> $vector {
                // SAFETY: a row has the size and the alignment of a register; `self` proves the feature.
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
                unsafe { $and(a, self.splat(DIGIT_MASK)) }
            }

            #[inline(always)]
            fn carry(self, a: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $shift_right::<52>(a) }
            }

            #[inline(always)]
            fn add_low(self, sum: $vector, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $low(sum, a, b) }
            }

            #[inline(always)]
            fn add_high(self, sum: $vector, a: $vector, b: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $high(sum, a, b) }
            }

            #[inline(always)]
            fn where_equal(self, a: $vector, b: $vector, row: &Self::Row, other: $vector) -> $vector {
                // SAFETY: `self` proves the feature.
                unsafe { $choose(other, $equal(a, b), self.load(row)) }
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

        impl Word for $module::Row {
            #[cfg(flowseal_hooks)]
            fn is_zero(&self) -> bool {
                self.0.iter().all(|word| *word == 0)
            }
        }
    };
}

ifma_lanes! {
    /// Eight lanes.
    Ifma512 in ifma512: 8 lanes, 64 bytes, __m512i,
    features: "avx512f,avx512ifma" = ["avx512f", "avx512ifma"],
    _mm512_load_si512 _mm512_store_si512 _mm512_set1_epi64 _mm512_add_epi64 _mm512_and_si512
    _mm512_srli_epi64 _mm512_madd52lo_epu64 _mm512_madd52hi_epu64 _mm512_cmpeq_epi64_mask
    _mm512_mask_mov_epi64
}

ifma_lanes! {
    /// Four lanes.
    Ifma256 in ifma256: 4 lanes, 32 bytes, __m256i,
    features: "avx512f,avx512ifma,avx512vl" = ["avx512f", "avx512ifma", "avx512vl"],
    _mm256_load_si256 _mm256_store_si256 _mm256_set1_epi64x _mm256_add_epi64 _mm256_and_si256
    _mm256_srli_epi64 _mm256_madd52lo_epu64 _mm256_madd52hi_epu64 _mm256_cmpeq_epi64_mask
    _mm256_mask_mov_epi64
}

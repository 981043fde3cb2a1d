//! Requests to valgrind: instructions that leave a processor as it was, and that valgrind takes for
//! a call.

#![allow(unsafe_code, reason = "a request is a sequence of instructions")]

use core::arch::asm;

// From valgrind's memcheck.h, which is part of its stable interface.
const MAKE_MEM_UNDEFINED: usize = 0x4d43_0001;
const MAKE_MEM_DEFINED: usize = 0x4d43_0002;
const GET_VBITS: usize = 0x4d43_0008;

/// Marks memory as never written to.
pub(crate) fn make_undefined<T>(memory: &mut [T]) {
    let address = memory.as_mut_ptr().expose_provenance();
    request(MAKE_MEM_UNDEFINED, address, size_of_val(memory), 0);
}

/// Marks memory as written to.
pub(crate) fn make_defined<T>(memory: &mut [T]) {
    let address = memory.as_mut_ptr().expose_provenance();
    request(MAKE_MEM_DEFINED, address, size_of_val(memory), 0);
}

/// For each bit whether it is undefined; nothing where no memcheck answers.
pub(crate) fn undefined_bits(memory: &mut [u8]) -> Option<Vec<u8>> {
    let mut bits = vec![0_u8; memory.len()];
    let from = memory.as_mut_ptr().expose_provenance();
    let to = bits.as_mut_ptr().expose_provenance();
    (request(GET_VBITS, from, to, memory.len()) == 1).then_some(bits)
}

/// Valgrind's answer; 0 where there is none to answer.
fn request(code: usize, first: usize, second: usize, third: usize) -> usize {
    let arguments = [code, first, second, third, 0, 0];
    let answer;
    // SAFETY: On a processor four rotations by 128 in all leave `rdi` as it was, an exchange of
    // `rbx` with itself leaves that, and the flags are not promised to survive: nothing else
    // changes. Valgrind recognises the sequence, reads six words where `rax` points, which live
    // until the end of this function, and puts its answer into `rdx`. Of the program's memory it
    // writes to what GET_VBITS gives it, which `undefined_bits` has exclusively and in full length;
    // the others change only what it knows of memory.
    unsafe {
        asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") 0_usize => answer,
            options(nostack),
        );
    }
    answer
}

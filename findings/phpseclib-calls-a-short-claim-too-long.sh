#!/usr/bin/env bash
# What surprised
#   A ciphertext is a number, and some senders write it without its leading zero byte, so that one
#   in 256 is a byte short. phpseclib refuses it with "Ciphertext representative too long".
#
# Seen on 2026-11-29 with phpseclib 3.0.19 and PHP 8.2.36 of Debian 12.
#
# Why it matters to pasby flows
#   node-jsencrypt, which pasby's documentation names, drops such zeros. Whoever reads this message
#   looks for claims that are too long, or for a key that is too small, and one flow in thirty or so
#   goes on failing.
#
# How flowseal deals with it
#   A leaf that is up to eight bytes short is filled up with zeros on the left; one that is longer
#   than the modulus is refused, and the error tells both sizes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
lacking() { echo "could not run: $1"; exit 77; }

command -v apt-get >/dev/null || lacking "apt-get, of Debian 12"
apt-get download --quiet=2 --option APT::Sandbox::User=root \
    php-phpseclib3=3.0.19-1+deb12u6 \
    php-constant-time=2.6.3-1 \
    php-random-compat=2.0.21-1 \
    php8.2-cli=8.2.36-1~deb12u1 \
    php8.2-common=8.2.36-1~deb12u1 \
    libargon2-1=0~20171227-0.3+deb12u1 \
    libsodium23=1.0.18-1+deb12u1 \
    libedit2=3.1-20221030-2 \
    libmagic1=1:5.44-3 \
    libxml2=2.9.14+dfsg-1.3~deb12u6 ||
    lacking "php-phpseclib3 3.0.19-1+deb12u6 or what it needs, of Debian 12 (after apt-get update)"
for package in *.deb; do dpkg -x "$package" debian; done

cat >short.php <<'PHP'
<?php
require 'phpseclib3/autoload.php';

use phpseclib3\Crypt\RSA;

echo 'PHP ', PHP_VERSION, ", phpseclib 3.0.19\n";
$key = RSA::createKey(2048)->withPadding(RSA::ENCRYPTION_PKCS1);
do {
    $whole = $key->getPublicKey()->encrypt('"Ada"');
} while ($whole[0] !== "\0");
$short = substr($whole, 1);
$opened = $key->decrypt($whole);
try {
    $said = 'opened ' . $key->decrypt($short);
} catch (Throwable $error) {
    $said = get_class($error) . ': ' . $error->getMessage();
}
printf("%d bytes: opened %s\n%d bytes: %s\n", strlen($whole), $opened, strlen($short), $said);
$expected = 'LengthException: Ciphertext representative too long';
exit($opened === '"Ada"' && $said === $expected ? 0 : 1);
PHP
LD_LIBRARY_PATH=$(echo debian/usr/lib/*-linux-gnu) \
    debian/usr/bin/php8.2 -n -d include_path=debian/usr/share/php -d error_reporting=8191 short.php

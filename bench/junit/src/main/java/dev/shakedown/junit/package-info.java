/** Loads as JUnit tests: {@link dev.shakedown.junit.TlsLoad} says what a server must hold. */
@NullMarked
package dev.shakedown.junit;

import org.jspecify.annotations.NullMarked;

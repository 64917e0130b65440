/** One handshake, message by message: what each side said, when, and what a failure means. */
@NullMarked
package dev.shakedown.trace;

import org.jspecify.annotations.NullMarked;

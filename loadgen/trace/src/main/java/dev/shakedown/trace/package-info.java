/** One handshake, message by message: what each side said, when, and what a failure means. */
package dev.shakedown.trace;

/** One conversation with a server, from connect to close, as a state machine that does no input or output itself. */
@NullMarked
package dev.shakedown.conversation;

import org.jspecify.annotations.NullMarked;

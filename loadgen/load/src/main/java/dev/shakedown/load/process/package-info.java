/** A server's processes on this machine, and the CPU time that they use, as Linux tells it. */
@NullMarked
package dev.shakedown.load.process;

import org.jspecify.annotations.NullMarked;

/** A server's processes on this machine and their CPU time, as Linux reports them. */
@NullMarked
package dev.shakedown.load.process;

import org.jspecify.annotations.NullMarked;

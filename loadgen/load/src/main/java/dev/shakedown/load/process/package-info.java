/** A server's processes on this machine, and the CPU time that they use, as Linux tells it. */
package dev.shakedown.load.process;

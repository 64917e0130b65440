/** Several runs that together answer one question: a server's capacity, what full and resumed handshakes cost it. */
@NullMarked
package dev.shakedown.experiment;

import org.jspecify.annotations.NullMarked;

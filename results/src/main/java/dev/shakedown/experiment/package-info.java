/** Several runs that together answer one question: a server's capacity, what full and resumed handshakes cost it. */
package dev.shakedown.experiment;

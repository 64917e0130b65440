package dev.shakedown.cli;

import java.util.concurrent.CountDownLatch;

/** A program whose orderly end never comes: it says when it is ready, and when the first signal has come. */
final class HangingWork {
    private HangingWork() {}

    public static void main(String[] args) throws InterruptedException {
        var never = new CountDownLatch(1);
        Interrupt.onFirst(() -> {
            System.out.println("ending");
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        System.out.println("ready");
        never.await();
    }
}

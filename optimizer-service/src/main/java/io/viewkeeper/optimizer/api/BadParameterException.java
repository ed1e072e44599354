package io.viewkeeper.optimizer.api;

/** A parameter says something that cannot be meant; the message says what it should be. */
class BadParameterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadParameterException(String message) {
        super(message);
    }
}

package confcodes.agi;

/** A request's parameters cannot be read. */
final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BadRequestException(String message) {
        super(message);
    }
}

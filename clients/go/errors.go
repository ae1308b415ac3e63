package promised

import (
	"fmt"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Violation is a field that holds something wrong.
type Violation struct{ Field, Description string }

// Error is what the server refused, or that it could not be reached in time: test Code and Reason, show Message.
type Error struct {
	Code       codes.Code
	Reason     string
	Message    string
	Metadata   map[string]string
	Violations []Violation
	// RetryAfter is when it pays to come back; 0 where the server said nothing of it.
	RetryAfter time.Duration
	status     *status.Status
}

func (e *Error) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("%s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("%s (%s): %s", e.Code, e.Reason, e.Message)
}

// GRPCStatus is for status.Code and its kin.
func (e *Error) GRPCStatus() *status.Status {
	if e.status == nil {
		return status.New(e.Code, e.Message)
	}
	return e.status
}

// Passing tells whether the same may be asked again: the server is away, or busy and says until when.
func (e *Error) Passing() bool {
	return e.Code == codes.Unavailable || (e.Code == codes.ResourceExhausted && e.RetryAfter > 0)
}

// From is the *Error of an error of gRPC; nil for nil. Errors of calls are of this type already, errors of streams
// become so by this.
func From(err error) error {
	if err == nil {
		return nil
	}
	if already, is := err.(*Error); is {
		return already
	}
	told := status.Convert(err)
	answer := &Error{Code: told.Code(), Message: told.Message(), status: told}
	for _, detail := range told.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			answer.Reason, answer.Metadata = detail.Reason, detail.Metadata
		case *errdetails.BadRequest:
			for _, field := range detail.FieldViolations {
				answer.Violations = append(answer.Violations, Violation{field.Field, field.Description})
			}
		case *errdetails.RetryInfo:
			answer.RetryAfter = detail.RetryDelay.AsDuration()
		}
	}
	return answer
}

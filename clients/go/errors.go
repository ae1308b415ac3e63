package promised

import (
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "promised.local/clients/go/promisedv1"
)

// Reasons to test Error.Reason against; docs/clients.md lists all and what to do about each.
const (
	ReasonInvalidFields    = "INVALID_FIELDS"
	ReasonPromiseNotFound  = "PROMISE_NOT_FOUND"
	ReasonOtherPromise     = "OTHER_PROMISE"
	ReasonRequestIDReused  = "REQUEST_ID_REUSED"
	ReasonHoldExpired      = "HOLD_EXPIRED"
	ReasonStateForbids     = "STATE_FORBIDS"
	ReasonExceedsAvailable = "EXCEEDS_AVAILABLE"
	ReasonOutcomeUnknown   = "OUTCOME_UNKNOWN"
	ReasonShuttingDown     = "SHUTTING_DOWN"
	ReasonScenarioEnded    = "SCENARIO_ENDED"
	ReasonSnapshotIDReused = "SNAPSHOT_ID_REUSED"
	ReasonDiskFull         = "DISK_FULL"
	ReasonRoleMissing      = "ROLE_MISSING"
	ReasonOutOfBounds      = "OUT_OF_BOUNDS"
	ReasonRateLimited      = "RATE_LIMITED"
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
	cause      error
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

// Unwrap gives what it was made of, such as the error of a TokenSource.
func (e *Error) Unwrap() error { return e.cause }

// NothingDone tells whether the server itself says that nothing was done; without this a lost answer may hide that it was.
func (e *Error) NothingDone() bool {
	return e.RetryAfter > 0 || (e.Reason != "" && e.Reason != ReasonOutcomeUnknown)
}

// Passing tells whether the same may be asked again: the server is away, or busy and says until when.
func (e *Error) Passing() bool {
	return e.Code == codes.Unavailable || (e.Code == codes.ResourceExhausted && e.RetryAfter > 0)
}

// OfStream is the *Error of one request of a stream, or of one line of a best-effort request; nil for nil.
func OfStream(refusal *pb.Error) *Error {
	if refusal == nil {
		return nil
	}
	err := &Error{Code: codes.Code(refusal.Code), Reason: refusal.Reason, Message: refusal.Message, Metadata: refusal.Metadata, RetryAfter: refusal.RetryAfter.AsDuration()}
	for _, field := range refusal.Violations {
		err.Violations = append(err.Violations, Violation{field.Field, field.Description})
	}
	return err
}

func fromStream(err error) error {
	if errors.Is(err, io.EOF) {
		return err
	}
	return From(err)
}

// From is the *Error of an error of gRPC; nil for nil. Errors of a Client's calls
// and streams are of this type already.
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

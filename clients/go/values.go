package promised

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Amount is the exact decimal of a quantity or an amount of money: rounded to 6 places, no trailing zeros.
func Amount(number float64) string {
	text := strings.TrimRight(strconv.FormatFloat(number, 'f', 6, 64), "0")
	if text = strings.TrimSuffix(text, "."); text == "-0" {
		return "0"
	}
	return text
}

// Quantity is the double of a decimal such as "2.5". More than 6 places are refused, as the server would.
func Quantity(decimal string) (float64, error) {
	exact, is := new(big.Rat).SetString(decimal)
	if !is {
		return 0, fmt.Errorf("%q is no decimal", decimal)
	}
	if !new(big.Rat).Mul(exact, big.NewRat(1_000_000, 1)).IsInt() {
		return 0, fmt.Errorf("%s has more than 6 decimals", decimal)
	}
	number, _ := exact.Float64()
	return number, nil
}

// Date writes a day as the server reads it.
func Date(day time.Time) string { return day.Format(time.DateOnly) }

// Day reads a field such as ShipDate; the zero time where it is empty.
func Day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, text)
}

// Moment reads a field that holds RFC 3339 text, such as RefreshSummary.at; the zero time where it is empty.
func Moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, text)
}

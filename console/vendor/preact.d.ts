// Types of the vendored file, as far as the console uses it; htm's templates are not checked.
export interface Signal<T> { value: T; peek(): T; subscribe(fn: (value: T) => void): () => void }
export function signal<T>(value: T): Signal<T>;
export function computed<T>(fn: () => T): Signal<T>;
export function effect(fn: () => void | (() => void)): () => void;
export function html(strings: TemplateStringsArray, ...values: any[]): any;
export function render(what: any, where: Element): void;
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((before: T) => T)) => void];
export function useEffect(fn: () => void | (() => void) | undefined, on?: any[]): void;
export function useLayoutEffect(fn: () => void | (() => void) | undefined, on?: any[]): void;
export function useRef<T>(initial: T): { current: T };
export function useMemo<T>(fn: () => T, on: any[]): T;
export function useErrorBoundary(): [any, () => void];

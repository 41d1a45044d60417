export { SAFETY_CODE_LABEL, safetyCode, type SafetyCode, type SafetyCodeInput } from './safety-code.ts';

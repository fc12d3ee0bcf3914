// The server's methods for reseller customers, one function each. Unless said otherwise each promises all that is
// shown of the customer.

import { read, write } from "../request";

export const get = (name, signal) => read("resellers.get", { name }, signal);
export const begin = (values) => write("resellers.begin", values);
export const save_step = (name, step, values) => write("resellers.save_step", { name, step, values });
export const answer_check = (name, answer) => write("resellers.answer_check", { name, ...answer });
export const record_consent = (name, consent) => write("resellers.record_consent", { name, ...consent });
export const withdraw_consent = (name, row) => write("resellers.withdraw_consent", { name, row });
export const set_token = (name, values) => write("resellers.set_token", { name, ...values });
export const send_instructions = (name) => write("resellers.send_instructions", { name });
export const finish_form = (name) => write("resellers.finish_form", { name });
export const open_account = (name, account) => write("resellers.open_account", { name, account });
export const correct_account = (name, account) => write("resellers.correct_account", { name, ...account });
export const retry_request = (name) => write("resellers.retry_request", { name });
export const act = (name, values) => write("resellers.act", { name, ...values });
export const verify_domain = (name, domain) => write("resellers.verify_domain", { name, domain });
export const tick_tip = (name, row, done) => write("resellers.tick_tip", { name, row, done: Number(done) });
export const assign_tip = (name, row, user) => write("resellers.assign_tip", { name, row, user });
export const answer_details = (name, answer) => write("resellers.answer_details", { name, ...answer });

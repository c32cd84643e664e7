// A message centre made of npm's `smpp`: brings texts to whoever binds, takes what is sent, prints each as a line of JSON.
'use strict'
const smpp = require('smpp')

const texts = [
  { source_addr: '77011234567', source_addr_ton: 1, destination_addr: '1234', short_message: 'KZ-71-0379 OPEN' },
  { source_addr: 'Beeline', source_addr_ton: 5, destination_addr: '1234', data_coding: 8, short_message: 'учаске 75-12: жарық жоқ' },
  { source_addr: 'Kcell', source_addr_ton: 5, destination_addr: '1234', short_message: { udh: Buffer.from([5, 0, 3, 9, 2, 2]), message: ' CLOSED' } },
  { source_addr: 'Kcell', source_addr_ton: 5, destination_addr: '1234', short_message: { udh: Buffer.from([5, 0, 3, 9, 2, 1]), message: 'KZ-71-0001' } },
  { source_addr: 'Tele2', source_addr_ton: 5, destination_addr: '1234', message_payload: { message: 'KZ-71-0002 STATUS' } }
]
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n')

const server = smpp.createServer((session) => {
  session.on('error', () => undefined)
  session.on('bind_transceiver', (pdu) => {
    session.send(pdu.response({ system_id: 'npm' }))
    say({ bound: pdu.system_id })
    texts.forEach((text) => session.deliver_sm(text, (answer) => say({ answered: answer.command_status })))
    session.data_sm({ source_addr: 'Altel', source_addr_ton: 5, destination_addr: '1234', message_payload: { message: 'KZ-71-0003 OPEN' } },
      (answer) => say({ answered: answer.command_status }))
  })
  session.on('submit_sm', (pdu) => {
    session.send(pdu.response({ message_id: '0A1' }))
    say({ submitted: pdu.short_message.message, to: pdu.destination_addr })
    session.deliver_sm({ source_addr: pdu.destination_addr, destination_addr: '1234', esm_class: 4, receipted_message_id: '161', message_state: 2, short_message: '' },
      (answer) => say({ answered: answer.command_status }))
  })
  session.on('enquire_link', (pdu) => session.send(pdu.response()))
  session.on('unbind', (pdu) => { session.send(pdu.response()); say({ unbound: true }); session.close() })
})
server.listen(Number(process.argv[2]), '127.0.0.1', () => say({ listening: true }))

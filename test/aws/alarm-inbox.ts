import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** A queue that is subscribed to a topic, as a pager would be. */
export interface AlarmInbox {
  /** The names of the alarms that have told of ALARM until now. */
  rung(): Promise<readonly string[]>;
  end(): void;
}

const MESSAGES_MAX = 10;

/** Makes a queue and subscribes it. For an emulator, which lets every topic send to every queue, and is thrown away. */
export async function alarmInbox(TopicArn: string): Promise<AlarmInbox> {
  const sqs = new SQSClient({});
  const sns = new SNSClient({});
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'pawl-alarm-inbox' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.['QueueArn'] }));
  const names: string[] = [];
  return {
    rung: async () => {
      const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: MESSAGES_MAX });
      const { Messages = [] } = await sqs.send(request);
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        const { Message = '{}' }: { readonly Message?: string } = JSON.parse(Body);
        const { AlarmName, NewStateValue }: { readonly AlarmName?: string; readonly NewStateValue?: string } =
          JSON.parse(Message);
        if (AlarmName !== undefined && NewStateValue === 'ALARM') names.push(AlarmName);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return names;
    },
    end: () => {
      sqs.destroy();
      sns.destroy();
    },
  };
}

use super::*;
use crate::region::provinces;

fn text(card: Card, province: &str, city: &str) -> ReceiptText {
    ReceiptText::new(card, &Region::new(province, city).unwrap(), "AL200166498".parse().unwrap())
}

/// Compares with manual 000, section 2, letter by letter.
///
/// Covers: IC-82, IC-83, IC-84, IC-87, IC-88, IC-93, IC-94
#[test]
fn guangdong_identity_card_has_the_texts_of_the_manual() {
    let text = text(Card::ResidentId, "广东省", "深圳市");
    assert_eq!(text.title, "广东省居民身份证数字相片采集回执");
    assert_eq!(
        text.conformity,
        "您的相片符合《GA461-2004居民身份证制证用数字相片技术要求》，相片图像号为 AL200166498，请持此回执及申请材料办理\
         居民身份证、深圳居住证、深圳社保卡。"
    );
    assert_eq!(text.validity, "（本回执及数字相片90天内有效）");
    assert_eq!(
        text.notes,
        [
            "☆扫描上方左侧二维码可以核验相片和办理居民身份证邮寄服务，办理时出示“粤居码”即可，无需提交本回执。\
             符合网上办理条件的，无需到户政窗口办理。",
            "☆扫描上方右侧二维码登录“粤居码”-“户政服务”，可以网上咨询、预约、办理户政业务(含居民身份证)，\
             以及查询户政业务办理进度。",
        ]
    );
    assert_eq!((text.check_label.as_str(), text.service_label.as_str()), ("一码通办", "粤居码"));
    assert_eq!(text.service, Service::Yuejuma);
    let common = text.common;
    assert_eq!(
        common.declaration,
        "已确认本相片属本人，且不化浓妆、不美化相片、人脸生物特征没有被修改等，如因此办证被拒，责任自负。"
    );
    assert_eq!([&*common.unit, &*common.phone, &*common.taken_at], ["采集单位", "联系电话", "采集时间"]);
    assert_eq!(common.signature, ["姓名", "电话号码"]);
}

/// Covers: IC-97
#[test]
fn card_type_and_region_decide_title_standard_uses_and_notes() {
    let licence = text(Card::DrivingLicence, "广东省", "深圳市");
    assert_eq!(licence.title, "广东省机动车驾驶证数字相片采集回执");
    assert!(licence.conformity.contains("《GA482-2012机动车驾驶证件》"));
    let all = format!("{licence:?}");
    assert!(!all.contains("461") && !all.contains("居民身份证"), "{all}");
    let elsewhere = text(Card::ResidentId, "广东省", "广州市");
    assert!(elsewhere.conformity.ends_with("办理居民身份证。"));
    assert_eq!(elsewhere.service_label, "粤居码");
    let hunan = text(Card::ResidentId, "湖南省", "长沙市");
    assert_eq!((hunan.title.as_str(), hunan.service), ("湖南省居民身份证数字相片采集回执", Service::National));
    assert!(!format!("{hunan:?}").contains("粤居码"), "only Guangdong has 粤居码");
}

/// Covers: IC-97
#[test]
fn every_card_in_every_city_has_a_complete_receipt() {
    for card in Card::ALL {
        for province in provinces() {
            for city in &province.cities {
                let text = text(card, &province.name, city);
                let ReceiptText { title, conformity, check_label, service_label, notes, .. } = &text;
                assert!(title.starts_with(&province.name) && title.ends_with("数字相片采集回执"), "{title}");
                assert!(conformity.contains(&PhotoSpec::of(card).standard) && conformity.contains("AL200166498"));
                assert!(!check_label.is_empty() && !service_label.is_empty() && notes.len() == 2);
                let all = format!("{:?}", (title, conformity, check_label, service_label, notes, &text.validity));
                assert!(!all.contains('{') && !conformity.contains("办理。"), "{all}");
            }
        }
    }
}

/// Covers: IC-97
#[test]
fn every_template_equals_the_receipt_of_its_place() {
    let all = templates();
    let national = all.iter().filter(|template| template.province.is_none());
    assert_eq!(national.map(|template| template.card).collect::<Vec<_>>(), Card::ALL);
    let place = |template: &Template| (template.card, template.province, template.city);
    let mut places: Vec<_> = all.iter().map(place).collect();
    places.dedup();
    assert_eq!(places.len(), all.len(), "each place has one template");
    for template in &all {
        let province = template.province.unwrap_or("湖南省");
        let known = provinces().iter().find(|known| known.name == province).expect("a province");
        let city = template.city.unwrap_or_else(|| known.cities.last().expect("a city"));
        let text = text(template.card, province, city);
        let filled = |text: &str| {
            text.replace("{province}", province).replace("{city}", city).replace("{number}", "AL200166498")
        };
        assert_eq!(filled(&template.text.title), text.title);
        assert_eq!(filled(&template.text.conformity), text.conformity, "{template:?}");
        assert_eq!(template.text.notes, text.notes);
        let (of, on) = (&template.text, &text);
        assert_eq!((of.service, &of.service_label, &of.check_label), (on.service, &on.service_label, &on.check_label));
        assert!(template.text.conformity.contains("{number}"), "the placeholder of the image number stays");
    }
    let shenzhen = all.iter().find(|template| template.city == Some("深圳市")).unwrap();
    assert_eq!(
        (shenzhen.card, shenzhen.text.service),
        (Card::ResidentId, Service::Yuejuma),
        "a city has the overrides of its province"
    );
}

/// The photo was uploaded in the middle of a second.
///
/// Covers: IC-84, IC-91, IC-98
#[test]
fn validity_ends_ninety_days_after_the_printed_second() {
    let uploaded: Timestamp = "2024-01-15T05:36:56.789Z".parse().unwrap();
    assert_eq!(taken_at(uploaded).to_string(), "2024-01-15T05:36:56Z");
    assert_eq!(crate::china_time::text(taken_at(uploaded)), "2024-01-15 13:36:56");
    assert_eq!(crate::china_time::text(valid_until(uploaded)), "2024-04-14 13:36:56");
}
